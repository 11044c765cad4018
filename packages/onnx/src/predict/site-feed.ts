// Feeds the sites of a model that runs: which tensors stand for which decisions. Knows the runtime's tensors, not its
// sessions.

import { type Key, keepMask, passKey } from "hadamask";
import type { Site } from "../sites.js";
import type { Draw, Slots } from "./draw.js";
import type { GpuSite, OpenGpuSite } from "./gpu-masks.js";
import type { MaskShape, SiteLayout } from "./layout.js";
import { MaskWriter } from "./multipliers.js";
import { makeTensor, type Ort, type OrtTensor } from "./ort.js";
import type { ThinnedSite } from "./thin.js";

/** A site with the shape of its masks, for inputs of one kind of shape. */
export interface PlacedSite {
  readonly feed: SiteFeed;
  readonly site: Site;
  readonly layout: SiteLayout;
  readonly shape: MaskShape;
  /** Whether no run has made its tensor yet, so that its shape is unknown. */
  readonly isOpen?: boolean;
}

export type Feeds = Record<string, OrtTensor>;

type Values = Uint8Array | Float32Array | Float64Array;

/** Whether all rows of a run have one mask that broadcasts, unless a row has several entries on the row axis. */
export const isBroadcast = ({ layout, shape }: PlacedSite, { rows, count }: Slots, { masks }: Draw): boolean =>
  (masks === "consistent" || shape.isRowless) && rows.length <= count && (shape.isRowless || layout.perRow === 1);

export const keepOf = ({ rate }: Site, draw: Draw): number => 1 - (draw.rate ?? rate);

/** The multiplier of a kept element. Where nothing is kept it multiplies nothing. */
const scaleOf = (keep: number): number => (keep === 0 ? 0 : 1 / keep);

/** Multipliers of 1 for every site: no dropout. */
export const onesOf = (sites: readonly (readonly [SiteFeed, number | null])[]): Feeds =>
  Object.assign({}, ...sites.map(([feed, rank]) => feed.ones(rank ?? 1))) as Feeds;

/** A site that takes a mask for every run: booleans and a scale, or multipliers. */
export class SiteFeed {
  readonly #ort: Ort;
  readonly #site: Site;
  /** The input that takes the scale; undefined where the site takes multipliers. */
  readonly #scale: string | undefined;
  /** What draws booleans on the device that the session runs on. */
  readonly #gpu: GpuSite | undefined;
  #writer: MaskWriter | undefined;

  constructor(ort: Ort, site: Site, scale: string | undefined, openGpu?: OpenGpuSite) {
    this.#ort = ort;
    this.#site = site;
    this.#scale = scale;
    this.#gpu = scale === undefined ? undefined : openGpu?.();
  }

  release(): void {
    this.#gpu?.release();
  }

  /** No dropout. Without a known rank, `rank` 1 broadcasts to everything. */
  ones(rank: number): Feeds {
    return this.#feeds(this.#values(1).fill(1), new Array<number>(rank).fill(1), 1);
  }

  /** Drops everything of the first row and nothing else. */
  withoutFirst(shape: MaskShape, rows: number): Feeds {
    const values = this.#values(shape.perRow * (shape.isRowless ? 1 : rows)).fill(1);
    if (!shape.isRowless) {
      for (let piece = 0; piece < shape.pieces; piece++) {
        const start = piece * rows * shape.length;
        values.fill(0, start, start + shape.length);
      }
    }
    return this.#feeds(values, shape.dims(rows), 1);
  }

  /** The masks of a run. */
  masks(placed: PlacedSite, slots: Slots, draw: Draw, key: Key): Feeds {
    const { shape } = placed;
    const keep = keepOf(this.#site, draw);
    const isConsistent = draw.masks === "consistent" || shape.isRowless;
    const length = isBroadcast(placed, slots, draw) ? 1 : slots.rows.length;
    const onGpu = this.#gpu?.masks(shape, length, slots, draw, key, keep);
    if (onGpu !== undefined) return this.#withScale(onGpu, scaleOf(keep));
    const writer = this.#writerFor(shape.perRow, length, keep);
    for (let first = 0; first < length; first += slots.count) {
      const pass = passKey(key, slots.firstPass + first / slots.count);
      const rows = slots.rows.subarray(first, Math.min(length, first + slots.count));
      const at = { start: first * shape.length, length: shape.length, stride: length * shape.length };
      writer.draw(pass, isConsistent ? undefined : idsOf(rows, draw), rows.length, at);
    }
    return this.#feeds(writer.values, shape.dims(length), scaleOf(keep));
  }

  /** The array is used again in the next run: no run begins before the one before it has ended. */
  #writerFor(perRow: number, rows: number, keep: number): MaskWriter {
    const last = this.#writer;
    if (last?.perRow === perRow && last.values.length === perRow * rows && last.keep === keep) return last;
    const kept = this.#scale === undefined ? scaleOf(keep) : 1;
    this.#writer = new MaskWriter(this.#values(perRow * rows), perRow, keep, kept);
    return this.#writer;
  }

  #values(n: number): Values {
    if (this.#scale !== undefined) return new Uint8Array(n);
    return this.#site.type === "float64" ? new Float64Array(n) : new Float32Array(n);
  }

  #feeds(values: Values, dims: readonly number[], scale: number): Feeds {
    const { input, type } = this.#site;
    if (this.#scale === undefined) return { [input]: makeTensor(this.#ort, type, values, dims) };
    return this.#withScale(makeTensor(this.#ort, "bool", values, dims), scale);
  }

  #withScale(mask: OrtTensor, scale: number): Feeds {
    const { input, type } = this.#site;
    return { [input]: mask, [this.#scale!]: scalar(this.#ort, type, scale) };
  }
}

/** A loop: `from` with a function takes half as long as all hashes. */
function idsOf(rows: Int32Array, { sampleIds }: Draw): Float64Array {
  const ids = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) ids[i] = sampleIds[rows[i]!]!;
  return ids;
}

const scalar = (ort: Ort, type: Site["type"], value: number): OrtTensor =>
  makeTensor(ort, type, type === "float64" ? Float64Array.of(value) : Float32Array.of(value), []);

/**
 * The units that stay at a thinned site in one pass; undefined if there are none, which matrices of no rows would be
 * needed for.
 */
export function thinnedFeeds(
  ort: Ort,
  { site, kept, scale }: ThinnedSite,
  perRow: number,
  keep: number,
  key: Key,
): Feeds | undefined {
  const bits = keepMask(perRow, { keep, key });
  const units = new Int32Array(perRow);
  let n = 0;
  for (let i = 0; i < perRow; i++) {
    units[n] = i;
    n += (bits[i >> 5]! >>> (i & 31)) & 1;
  }
  if (n === 0) return undefined;
  return {
    [kept]: makeTensor(ort, "int32", units.slice(0, n), [n]),
    [scale]: scalar(ort, site.type, scaleOf(keep)),
  };
}
