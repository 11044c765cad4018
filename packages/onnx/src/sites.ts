// The places of a rewritten model, as its metadata hold them. What a file says is checked, since anybody may write it.

import type { Share } from "./places/placement.js";
import { DATA_TYPE, type EntryProto, type ModelProto } from "./protobuf/types.js";

/** A place of a rewritten model: which extra input multiplies which tensor. */
export interface Site {
  /** The extra input of the model. It takes multipliers, 0 or 1 / (1 - rate), that broadcast to the tensor's shape. */
  readonly input: string;
  /** Element type of that input. */
  readonly type: "float32" | "float64";
  readonly kind: "dropout" | "after" | "before" | "weight";
  readonly operator: string;
  /** The node's name; for weights, theirs. */
  readonly name: string;
  /** Names the site among all sites of the model, whatever others there are: its masks are drawn under this name. */
  readonly id: string;
  /** The tensor of the rewritten model that is multiplied. */
  readonly tensor: string;
  /** Rank of the tensor; null where only a run tells. */
  readonly rank: number | null;
  /** The rate it was made for. The graph does not depend on it: whoever feeds the multipliers decides. */
  readonly rate: number;
  readonly share: Share;
}

/** Of its input, as the file format numbers it. */
export const elementTypeOf = ({ type }: Site): number => (type === "float64" ? DATA_TYPE.double : DATA_TYPE.float);

/** What stands under this key in the metadata of a rewritten model: its sites, as JSON. */
const SITES_KEY = "hadamask.sites";

/**
 * The sites of a model that was rewritten before; undefined for any other model, and for one whose metadata are not
 * what {@link withDropout} writes ({@link inspect} has a warning then).
 *
 * @example
 * ```ts
 * import { readModel, sitesOf, withDropout } from "@hadamask/onnx";
 * import { exportMlp } from "@hadamask/onnx/mlp";
 * const layer = { weights: new Float32Array(16), biases: new Float32Array(4) };
 * const model = readModel(exportMlp({ layers: [layer, layer], activation: "relu", hiddenRate: 0.5 }));
 * console.log(sitesOf(model)); // undefined
 * console.log(sitesOf(withDropout(model).model)?.map(({ rate }) => rate)); // [ 0.5 ]
 * ```
 */
export function sitesOf(model: ModelProto): readonly Site[] | undefined {
  const found = readSites(model);
  return found === "unreadable" ? undefined : found;
}

/** A sentence about metadata that say something of sites and are not what withDropout writes; mostly none. */
export function sitesWarnings(model: ModelProto): readonly string[] {
  if (readSites(model) !== "unreadable") return [];
  return [`The metadata entry ${SITES_KEY} is ignored: it is not what withDropout writes for this graph.`];
}

/** The model's metadata with these sites in place of others. */
export const withSites = ({ metadataProps = [] }: ModelProto, sites: readonly Site[]): EntryProto[] => [
  ...metadataProps.filter(({ key }) => key !== SITES_KEY),
  { key: SITES_KEY, value: JSON.stringify(sites) },
];

function readSites(model: ModelProto): readonly Site[] | "unreadable" | undefined {
  const text = (model.metadataProps ?? []).find((entry) => entry.key === SITES_KEY)?.value;
  if (text === undefined) return undefined;
  const inputs = new Set((model.graph?.input ?? []).map(({ name }) => name ?? ""));
  try {
    const found: unknown = JSON.parse(text);
    const isFit = Array.isArray(found) && found.length > 0 && found.every((entry) => isSite(entry, inputs));
    return isFit && areDifferent(found) ? found : "unreadable";
  } catch {
    return "unreadable";
  }
}

const KINDS: readonly unknown[] = ["dropout", "after", "before", "weight"];

function isSite(value: unknown, inputs: ReadonlySet<string>): value is Site {
  if (typeof value !== "object" || value === null) return false;
  const { input, type, kind, operator, name, id, tensor, rank, rate, share } = value as Record<keyof Site, unknown>;
  return (
    [input, operator, name, id, tensor].every((text) => typeof text === "string") &&
    inputs.has(input as string) &&
    (type === "float32" || type === "float64") &&
    KINDS.includes(kind) &&
    (rank === null || isAxis(rank)) &&
    typeof rate === "number" &&
    rate >= 0 &&
    rate <= 1 &&
    isShare(share)
  );
}

const isAxis = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0 && (value as number) < 64;

function isShare(share: unknown): boolean {
  if (share === "element" || share === "channel" || share === "sample") return true;
  const axes = (share as { readonly axes?: unknown } | null)?.axes;
  return Array.isArray(axes) && axes.every(isAxis);
}

/** Two sites of one input, or of one name, would have the same masks. */
const areDifferent = (sites: readonly Site[]): boolean =>
  new Set(sites.map(({ input }) => input)).size === sites.length &&
  new Set(sites.map(({ id }) => id)).size === sites.length;
