// The variants that `--variants` knows: how each is written, what it is called, which numbers it takes. Loads no engine: the help
// text needs it. What a variant does in a network is in the file of its name, and listed in activate.ts.

import { UsageError } from "../../usage.js";

/** A variant as it was asked for, checked. */
export interface VariantSpec {
  readonly kind: VariantKind;
  /** As in `--variants`. */
  readonly name: string;
  /** For a reader. */
  readonly title: string;
  /** Probability of dropping a hidden unit. */
  readonly rate: number;
  /** Probability of dropping an input. */
  readonly inputRate: number;
  /** Standard deviation of the prior on log-odds, where there is one. */
  readonly sigma?: number;
}

interface Entry {
  readonly usage: string;
  readonly about: string;
  /** The rate where none is written; undefined where the variant takes none. */
  readonly rate?: number;
  /** The sigma where none is written; undefined where the variant takes none. */
  readonly sigma?: number;
  title(rate: number, inputRate: number, sigma: number): string;
}

const ENTRIES = {
  none: { usage: "none", about: "no dropout", title: () => "no dropout" },
  bernoulli: {
    usage: "bernoulli:RATE",
    about: "drops hidden units with probability RATE (default 0.5), inputs with --input-rate",
    rate: 0.5,
    title: (rate, inputRate) => `Bernoulli dropout, input ${inputRate}, hidden ${rate}`,
  },
  gaussian: {
    usage: "gaussian:RATE",
    about: "normal multipliers of the same mean and variance as bernoulli:RATE (default 0.5)",
    rate: 0.5,
    title: (rate, inputRate) => `Gaussian dropout, input ${inputRate}, hidden ${rate}`,
  },
  uniform: {
    usage: "uniform:RATE",
    about: "evenly spread multipliers of the same mean and variance as bernoulli:RATE (default 0.5)",
    rate: 0.5,
    title: (rate, inputRate) => `uniform dropout, input ${inputRate}, hidden ${rate}`,
  },
  alpha: {
    usage: "alpha:RATE",
    about: "alpha dropout of hidden units (default 0.1), for --activation selu; inputs with --input-rate",
    rate: 0.1,
    title: (rate, inputRate) => `alpha dropout, input ${inputRate}, hidden ${rate}`,
  },
  concrete: {
    usage: "concrete:RATE",
    about: "learns a rate for the inputs and each hidden layer, from RATE (default 0.1) on",
    rate: 0.1,
    title: (rate, inputRate) => `concrete dropout, rates learned from input ${inputRate}, hidden ${rate}`,
  },
  variational: {
    usage: "variational",
    about: "Gaussian noise whose variance is learned for each input and hidden unit",
    title: () => "variational dropout, a variance a unit",
  },
  "variational-weights": {
    usage: "variational-weights",
    about: "Gaussian noise on every weight, its variance learned for each layer",
    title: () => "variational dropout of weights, a variance a layer",
  },
  sparse: {
    usage: "sparse",
    about: "learns a variance for each weight, and leaves out those that are mostly noise",
    title: () => "sparse variational dropout",
  },
  "logit-normal": {
    usage: "logit-normal:SIGMA",
    about: "soft masks at hidden units, their log-odds learned under the prior N(0, SIGMA²) (default 1)",
    sigma: 1,
    title: (_rate, _inputRate, sigma) => `logit-normal masks, prior ${sigma}`,
  },
  dropconnect: {
    usage: "dropconnect:RATE",
    about: "drops weights, a mask for each row of a batch (slow); those of the inputs with --input-rate",
    rate: 0.5,
    title: (rate, inputRate) => `DropConnect, weights of inputs ${inputRate}, others ${rate}, a mask a row`,
  },
  "dropconnect-batch": {
    usage: "dropconnect-batch:RATE",
    about: "the same with one mask a batch",
    rate: 0.5,
    title: (rate, inputRate) => `DropConnect, weights of inputs ${inputRate}, others ${rate}, a mask a batch`,
  },
} as const satisfies Record<string, Entry>;

export type VariantKind = keyof typeof ENTRIES;

const entries: Readonly<Record<VariantKind, Entry>> = ENTRIES;

/** How each variant is written, and what it is. */
export const variantHelp = (): (readonly [string, string])[] =>
  Object.values(entries).map(({ usage, about }) => [usage, about]);

/**
 * Reads one entry of `--variants`: a name, and a number after a colon where it takes one ("bernoulli:0.5").
 *
 * @throws {UsageError} If there is no such variant, or its rate makes no sense.
 */
export function readVariant(text: string, inputRate: number): VariantSpec {
  const [kind, ...values] = text.split(":");
  if (!isKind(kind!)) {
    throw new UsageError(
      `train: --variants must be of ${Object.keys(entries).join(", ")}, got ${JSON.stringify(kind)}`,
    );
  }
  const { usage, rate: defaultRate, sigma: defaultSigma, title } = entries[kind];
  const most = (defaultRate ?? defaultSigma) === undefined ? 0 : 1;
  if (values.length > most)
    throw new UsageError(`train: --variants: ${kind} is written ${usage}, got ${JSON.stringify(text)}`);
  const rate = values.length === 0 || defaultRate === undefined ? (defaultRate ?? 0) : readRate(kind, values[0]!);
  const spec = { kind, name: text, rate, inputRate: kind === "none" ? 0 : inputRate };
  if (defaultSigma === undefined) return { ...spec, title: title(rate, inputRate, 0) };
  const sigma = values.length === 0 ? defaultSigma : readSigma(kind, values[0]!);
  return { ...spec, sigma, title: title(rate, inputRate, sigma) };
}

const isKind = (text: string): text is VariantKind => Object.hasOwn(entries, text);

/** A rate of 1 would leave nothing to train. */
function readRate(kind: VariantKind, text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!(value >= 0 && value < 1)) {
    const advice = value >= 2 && value <= 100 ? `; pass ${value / 100} for ${value} %` : "";
    throw new UsageError(`train: --variants: the rate of ${kind} must be in [0, 1), got ${text}${advice}`);
  }
  return value;
}

function readSigma(kind: VariantKind, text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new UsageError(`train: --variants: the sigma of ${kind} must be above 0, got ${text}`);
}
