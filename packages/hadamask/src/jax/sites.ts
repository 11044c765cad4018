// The places of a network where dropout acts, named once; each step asks for all their multipliers. Knows no network.

import "./navigator.js";
import { type Array as JaxArray, numpy as np } from "@jax-js/jax";
import { checkCount, checkIndex, checkKeep, checkKey, sizeOf, typeError } from "../check.js";
import { deriveKey, deriveSiteKey, TAG } from "../random/derive.js";
import type { Key, RateOption } from "../types.js";
import { checkSizes, drawMultiplier } from "./multiplier.js";
import { isOnGpu } from "./on-device.js";

/**
 * One place: how much is dropped there, and the shape of what one row of a batch has there. A size of 1 shares one
 * draw.
 */
export type DropoutSite = RateOption & { readonly shape: readonly number[] };

/** One multiplier for each place, under its name: a jax-js tree that goes into a jitted function as one argument. */
export type Multipliers<Name extends string> = { [name in Name]: JaxArray };

export interface DropoutSites<Name extends string> {
  /** Where all masks of these sites come from. */
  readonly key: Key;

  /**
   * The multipliers of training step `step` for a batch of `batch` rows: at each place [batch, ...shape], or ones of
   * shape [1] where nothing is dropped.
   *
   * Randomness. Element i (C order over the batch) of a place is that of `new Dropout({ rate, key: siteKey(name) })`
   *   at step `step`. A larger batch begins with the smaller one's mask.
   *
   * @throws {TypeError | RangeError} If `step` is not a whole number in [0, 2^53), or `batch` not one of at least 1.
   */
  train(step: number, batch: number): Multipliers<Name>;

  /** Ones of shape [1]: the same graph without dropout, for any batch. */
  eval(): Multipliers<Name>;

  /** The multipliers of pass `pass` of Monte-Carlo prediction. Training masks neither move nor repeat. */
  sample(pass: number, batch: number): Multipliers<Name>;

  /**
   * `where(m != 0, h * m, 0)`: multiplies what is kept and writes +0 where it is dropped, even over NaN and infinities.
   * Takes over both arrays, as jax-js functions do.
   *
   * @throws {RangeError} If `m` does not broadcast to the shape of `h`.
   */
  apply(h: JaxArray, m: JaxArray): JaxArray;

  /** The key of one place, for a plain `Dropout` layer that is to have the same masks. */
  siteKey(name: Name): Key;
}

/**
 * Names the places of a network where dropout acts and hands out their masks, step by step.
 *
 *     h * m,   m = 1 / keep where kept, 0 where dropped        train, sample
 *     h                                                       eval
 *
 * Shapes. A place's `shape` is that of one row; masks are [batch, ...shape]. A size of 1 in it is broadcast over that
 *   axis of `h`, so `[1, 1, 64]` drops whole channels of a [batch, height, width, 64] array.
 * Randomness. A place's key depends on `key` and the place's name, its mask on that key, the step (or pass) and the
 *   element's index: not on the other places, their order, or the calls before. The step's key is derived from the
 *   place's key as in `Dropout`.
 * Cost. Per element and step about what `dropout` costs, one copy to the device, and one multiplication in the graph.
 *   Memory for the largest mask is kept from call to call.
 *
 * @param places A name for each place: `{ h1: { rate: 0.5, shape: [1024] } }`.
 * @throws {TypeError | RangeError} If a rate, shape or the key is not valid.
 * @example
 * ```ts
 * import { jit, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
 * import { key } from "hadamask";
 * import { dropoutSites } from "hadamask/jax";
 *
 * const sites = dropoutSites({ h: { rate: 0.5, shape: [8] } }, { key: key(42) });
 * type Masks = ReturnType<typeof sites.eval>;
 * const loss = (w: { w1: np.Array; w2: np.Array }, x: np.Array, m: Masks) =>
 *   np.dot(sites.apply(nn.relu(np.dot(x, w.w1)), m.h), w.w2).sum();
 * const step = jit((w: { w1: np.Array; w2: np.Array }, x: np.Array, m: Masks) => valueAndGrad(loss)(w, x, m));
 *
 * const w = { w1: np.ones([3, 8]), w2: np.ones([8, 2]) };
 * const [trained, gradient] = step(tree.ref(w), np.ones([4, 3]), sites.train(0, 4));
 * const [predicted, unused] = step(w, np.ones([4, 3]), sites.eval());
 * console.log(trained.js(), predicted.js()); // 204 192
 * tree.dispose([gradient, unused]);
 * ```
 */
export function dropoutSites<const Name extends string>(
  places: Readonly<Record<Name, DropoutSite>>,
  options: { readonly key: Key },
): DropoutSites<Name> {
  const where = "dropoutSites";
  const key = checkKey(where, options?.key);
  const sites = checkPlaces(where, key, places);

  let room = new Float32Array(0);
  const draw = (site: Site, stepKey: Key, batch: number): JaxArray => {
    if (site.keep === 1) return np.ones([1]);
    const shape = [batch, ...site.shape];
    const size = sizeOf(shape);
    // On a GPU masks are drawn where they are.
    if (room.length < size && !isOnGpu()) room = new Float32Array(size);
    return drawMultiplier(shape, site.keep, stepKey, 0, room.length < size ? undefined : room);
  };
  const drawAll = (tag: number, number: number, batch: number) =>
    tree(sites, (site) => draw(site, deriveKey(site.key, tag, number), batch));

  return {
    key,
    train(step, batch) {
      return drawAll(TAG.step, checkIndex("train", "step", step), checkCount("train", "batch", batch));
    },
    eval() {
      return tree(sites, () => np.ones([1]));
    },
    sample(pass, batch) {
      return drawAll(TAG.pass, checkIndex("sample", "pass", pass), checkCount("sample", "batch", batch));
    },
    apply: applyMultiplier,
    siteKey(name) {
      const site = sites.find((candidate) => candidate.name === name);
      if (site === undefined) throw new RangeError(`siteKey: there is no place named ${JSON.stringify(name)}`);
      return site.key;
    },
  };
}

interface Site {
  readonly name: string;
  readonly keep: number;
  readonly shape: readonly number[];
  readonly key: Key;
}

function checkPlaces(where: string, key: Key, places: unknown): Site[] {
  if (typeof places !== "object" || places === null) {
    throw typeError(where, "places", "an object of { rate, shape } by name", places);
  }
  return Object.entries(places as Record<string, DropoutSite>).map(([name, place]) => {
    if (typeof place !== "object" || place === null) throw typeError(where, name, "an object { rate, shape }", place);
    const shape = [...checkSizes(where, `${name}.shape`, place.shape)];
    return { name, shape, keep: checkKeep(`${where}: ${name}`, place), key: deriveSiteKey(key, name) };
  });
}

/** Builds the tree of multipliers, one leaf a site. */
function tree<Name extends string>(sites: readonly Site[], leaf: (site: Site) => JaxArray): Multipliers<Name> {
  return Object.fromEntries(sites.map((site) => [site.name, leaf(site)])) as Multipliers<Name>;
}

export function applyMultiplier(h: JaxArray, m: JaxArray): JaxArray {
  const [to, from] = [h.shape, m.shape];
  const lead = to.length - from.length;
  const fits = lead >= 0 && from.every((size, axis) => size === 1 || size === to[lead + axis]);
  if (!fits) throw new RangeError(`apply: m must broadcast to h's shape [${to}], got [${from}]`);
  return np.where(m.ref.notEqual(0), h.mul(m), 0);
}
