// The variants that `--variants` knows, one entry each: how it is written, what it is called, what it does in the network.
// To add one: write an entry. Training, comparison, report and the help text of `train` find it here.

import type { Key } from "hadamask";
import { dropoutSites } from "hadamask/jax";
import { UsageError } from "../usage.js";
import type { Draws, MlpShape, NetworkHooks } from "./mlp.js";

/** A variant at work in one network: hooks for the graph, and the random inputs that go with them. */
export interface ActiveVariant {
  readonly hooks: NetworkHooks;
  /** Random inputs of training step `step` for `batch` rows. */
  train(step: number, batch: number): Draws;
  /** What takes their place when nothing is to be random. */
  eval(): Draws;
}

/** A variant as it was asked for. */
export interface Variant {
  /** As in `--variants`. */
  readonly name: string;
  readonly title: string;
  activate(shape: MlpShape, key: Key): ActiveVariant;
}

interface Kind {
  /** How it is written, for the help text. */
  readonly usage: string;
  readonly about: string;
  /** Makes the variant from the numbers behind its name. */
  make(name: string, values: readonly number[], inputRate: number): Variant;
}

const KINDS: Readonly<Record<string, Kind>> = {
  none: {
    usage: "none",
    about: "no dropout",
    make(name, values) {
      expectValues("none", values, 0);
      const nothing: ActiveVariant = { hooks: {}, train: () => ({}), eval: () => ({}) };
      return { name, title: "no dropout", activate: () => nothing };
    },
  },
  bernoulli: {
    usage: "bernoulli:RATE",
    about: "dropout of hidden units with probability RATE (default 0.5), of inputs with --input-rate",
    make(name, values, inputRate) {
      expectValues("bernoulli", values, 1);
      const rate = rateOf("bernoulli", values[0] ?? 0.5);
      return {
        name,
        title: `Bernoulli dropout, input ${inputRate}, hidden ${rate}`,
        activate: (shape, key) => bernoulli(shape, key, rate, inputRate),
      };
    },
  },
};

function bernoulli(shape: MlpShape, key: Key, rate: number, inputRate: number): ActiveVariant {
  const sizes = [shape.inputs, ...shape.hidden];
  const sites = dropoutSites(
    Object.fromEntries(sizes.map((size, i) => [placeName(i), { rate: i === 0 ? inputRate : rate, shape: [size] }])),
    { key },
  );
  const activations: NetworkHooks["activations"] = (h, place, draws) => sites.apply(h, draws[placeName(place)]!);
  return { hooks: { activations }, train: sites.train, eval: sites.eval };
}

const placeName = (place: number): string => (place === 0 ? "input" : `hidden${place}`);

/** Lines for the help text: how each variant is written, and what it is. */
export const variantHelp = (): (readonly [string, string])[] =>
  Object.values(KINDS).map(({ usage, about }) => [usage, about]);

/**
 * Reads one entry of `--variants`: a name, then numbers after colons ("bernoulli:0.5").
 *
 * @throws {UsageError} If there is no such variant, or its numbers make no sense.
 */
export function readVariant(text: string, inputRate: number): Variant {
  const [name, ...rest] = text.split(":");
  const kind = Object.hasOwn(KINDS, name!) ? KINDS[name!] : undefined;
  if (kind === undefined) {
    throw new UsageError(`train: --variants: must be of ${Object.keys(KINDS).join(", ")}, got ${JSON.stringify(name)}`);
  }
  const values = rest.map((cell) => {
    const value = cell.trim() === "" ? Number.NaN : Number(cell);
    if (!Number.isFinite(value)) {
      throw new UsageError(`train: --variants: what follows ${name}: must be a number, got ${JSON.stringify(cell)}`);
    }
    return value;
  });
  return kind.make(text, values, inputRate);
}

function expectValues(name: string, values: readonly number[], most: number): void {
  if (values.length > most) {
    throw new UsageError(
      `train: --variants: ${name} takes ${most === 0 ? "no number" : `at most ${most}`}, got ${values.length}`,
    );
  }
}

/** A rate of 1 would leave nothing to train. */
function rateOf(name: string, value: number): number {
  if (!(value >= 0 && value < 1)) {
    const advice = value >= 2 && value <= 100 ? `; pass ${value / 100} for ${value} %` : "";
    throw new UsageError(`train: --variants: the rate of ${name} must be in [0, 1), got ${value}${advice}`);
  }
  return value;
}
