// What lint reads: a network as a list of items, and what there is to know of the noise of each.

import { checkKeep, checkKey, describe, typeError } from "../check.js";
import type { RecurrentDropout } from "../layers/recurrent/dropout.js";
import type { Key, Scaling } from "../types.js";

/**
 * One item of a network, in the order in which the data pass through: a layer of this library, its state, or any
 * other layer by name (`{ layer: "Dense" }`, `{ layer: "BatchNorm" }`, `{ layer: "ReLU" }`).
 */
export interface NetworkItem {
  /**
   * The kind of layer. Names that lint knows: those of this library, and "BatchNorm", "BatchNormalization",
   * "BatchNorm2d" and the like.
   */
  readonly layer: string;
  /** What to call this one in messages; the kind if not given. */
  readonly label?: string;
  readonly rate?: number;
  readonly keep?: number;
  readonly alpha?: number;
  /** ln(rate / keep), of concrete dropout. */
  readonly logit?: number | string;
  readonly scaling?: Scaling;
  readonly key?: Key;
  /** True if the item drops the input of the network. If no item says so, a first item that drops is taken to. */
  readonly isInput?: boolean;
  /** Placements of a recurrent layer. */
  readonly dropout?: RecurrentDropout;
  /** Time steps of the sequences that a recurrent layer sees. */
  readonly time?: number;
  /** Mean and variance of the features that the item sees; 0 and 1 if not given. */
  readonly features?: { readonly mean: number; readonly variance: number };
}

/** A layer of TensorFlow.js, ours or its own, as far as lint looks at it. */
interface TfjsLayer {
  getClassName(): string;
  getConfig(): object;
}

/** Layers, anything that has a state like theirs, or the layers of a TensorFlow.js model: `lint(model.layers)`. */
export type LintInput = NetworkItem | { readonly state: NetworkItem } | TfjsLayer;

/** An item with what the rules ask of it. */
export interface CheckedItem extends NetworkItem {
  /** Where it stands, from 0. */
  readonly at: number;
  readonly label: string;
  /**
   * Probability of keeping where the item drops or multiplies by noise of the same variance; undefined for all
   * others.
   */
  readonly dropped: number | undefined;
}

export const isBatchNorm = (item: NetworkItem): boolean => /^batch_?norm/i.test(item.layer);

/** Checks the description of a network. */
export function checkNetwork(network: readonly LintInput[]): CheckedItem[] {
  if (!Array.isArray(network)) throw typeError("lint", "network", "an array of layers", network);
  return network.map((given: LintInput, at) => {
    const item = itemOf(given);
    if (typeof item !== "object" || item === null || typeof (item as NetworkItem).layer !== "string") {
      throw new TypeError(`lint: network[${at}] must be a layer or { layer: "Dense" }, got ${describe(given)}`);
    }
    const checked = item as NetworkItem;
    if (checked.key !== undefined) checkKey("lint", checked.key, `network[${at}].key`);
    return { ...checked, at, label: checked.label ?? checked.layer, dropped: keepOf(checked, at) };
  });
}

function itemOf(given: LintInput): unknown {
  if (typeof given !== "object" || given === null) return given;
  if ("getConfig" in given && typeof given.getConfig === "function") {
    const { name, rate, keep, key, activation } = given.getConfig() as Record<string, never>;
    const layer = given.getClassName().replace(/^Hadamask/, "");
    const isActivation = layer === "Activation" && typeof activation === "string";
    return { layer: isActivation ? activation : layer, label: name, rate, keep, key };
  }
  return "state" in given ? given.state : given;
}

function keepOf(item: NetworkItem, at: number): number | undefined {
  const { rate, keep, alpha, logit } = item;
  if (rate !== undefined || keep !== undefined) return checkKeep(`lint: network[${at}]`, item);
  if (logit !== undefined) return 1 / (1 + Math.exp(Number(logit)));
  return alpha === undefined ? undefined : 1 / (1 + alpha);
}
