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
}

interface Entry {
  readonly usage: string;
  readonly about: string;
  /** The rate where none is written; undefined where the variant takes none. */
  readonly rate?: number;
  title(rate: number, inputRate: number): string;
}

const ENTRIES = {
  none: { usage: "none", about: "no dropout", title: () => "no dropout" },
  bernoulli: {
    usage: "bernoulli:RATE",
    about: "drops hidden units with probability RATE (default 0.5), inputs with --input-rate",
    rate: 0.5,
    title: (rate, inputRate) => `Bernoulli dropout, input ${inputRate}, hidden ${rate}`,
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
  const { usage, rate: defaultRate, title } = entries[kind];
  const most = defaultRate === undefined ? 0 : 1;
  if (values.length > most)
    throw new UsageError(`train: --variants: ${kind} is written ${usage}, got ${JSON.stringify(text)}`);
  const rate = values.length === 0 ? (defaultRate ?? 0) : readRate(kind, values[0]!);
  return { kind, name: text, title: title(rate, inputRate), rate, inputRate: kind === "none" ? 0 : inputRate };
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
