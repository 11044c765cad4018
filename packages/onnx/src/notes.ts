// What a model file says about its data besides the graph: names of classes, the shape of pictures. Kept in the
// metadata as JSON, and checked when read, since anybody may write it.

import { type EntryProto, type ModelProto, toNumber } from "./protobuf/types.js";
import { sizeOf } from "./size.js";

/** Notes of {@link exportMlp}; whoever writes models may write them, too. */
export interface ModelNotes {
  /** Names of the classes, in the order of the outputs. */
  readonly classes?: readonly string[];
  /** How the features form a picture, in C order. */
  readonly image?: { readonly height: number; readonly width: number };
}

const KEYS = { classes: "hadamask.classes", image: "hadamask.image" } as const;

/** The notes as metadata. */
export function notesOf({ classes, image }: ModelNotes): EntryProto[] {
  return [
    ...(classes === undefined ? [] : [{ key: KEYS.classes, value: JSON.stringify(classes) }]),
    ...(image === undefined ? [] : [{ key: KEYS.image, value: JSON.stringify(image) }]),
  ];
}

/**
 * The notes of a model; without those that are not there or are wrong, for which see `Inspection.warnings`.
 *
 * @example
 * ```ts
 * import { exportMlp, readModel, readNotes } from "@hadamask/onnx";
 * const mlp = {
 *   layers: [{ weights: new Float32Array(4), biases: new Float32Array(2) }],
 *   activation: "relu",
 *   normalisation: { shift: new Float64Array(2), factor: new Float64Array(2).fill(1) },
 *   inputRate: 0,
 *   hiddenRate: 0,
 *   classes: ["yes", "no"],
 *   name: "one layer",
 * } as const;
 * console.log(readNotes(readModel(exportMlp(mlp))).classes); // [ 'yes', 'no' ]
 * ```
 */
export const readNotes = (model: ModelProto): ModelNotes => checkedNotes(model).notes;

/** Sentences about notes that were ignored. */
export const noteWarnings = (model: ModelProto): readonly string[] => checkedNotes(model).warnings;

function checkedNotes(model: ModelProto): { readonly notes: ModelNotes; readonly warnings: readonly string[] } {
  const warnings: string[] = [];
  const read = <T>(
    key: string,
    isFit: (value: unknown) => value is T,
    problem: (value: T) => string | undefined,
  ): T | undefined => {
    const text = (model.metadataProps ?? []).find((entry) => entry.key === key)?.value;
    if (text === undefined) return undefined;
    const value = parsed(text);
    const trouble = isFit(value) ? problem(value) : "it is not what exportMlp writes";
    if (trouble === undefined) return value as T;
    warnings.push(`The metadata entry ${key} is ignored: ${trouble}.`);
    return undefined;
  };
  const classes = read(KEYS.classes, isNames, (names) => classProblem(model, names));
  const image = read(KEYS.image, isImage, (size) => imageProblem(model, size));
  return { notes: { ...(classes ? { classes } : {}), ...(image ? { image } : {}) }, warnings };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // somebody else's note under our name
  }
}

const isNames = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === "string");

type Image = Required<ModelNotes>["image"];

const isImage = (value: unknown): value is Image =>
  typeof value === "object" &&
  value !== null &&
  "height" in value &&
  "width" in value &&
  isLength(value.height) &&
  isLength(value.width);

const isLength = (value: unknown): value is number => Number.isInteger(value) && (value as number) > 0;

/** The sizes of an input or output behind its first axis, where the file fixes them all. */
function rowSizes(info: NonNullable<ModelProto["graph"]>["output"], index = 0): readonly number[] | undefined {
  const dims = info?.[index]?.type?.tensorType?.shape?.dim?.slice(1).map(({ dimValue }) => toNumber(dimValue));
  return dims === undefined || dims.length === 0 || dims.some((size) => !(size > 0)) ? undefined : dims;
}

function classProblem({ graph }: ModelProto, names: readonly string[]): string | undefined {
  if (new Set(names).size < names.length) return "two classes have one name";
  const sizes = (graph?.output ?? []).flatMap((_, i) => rowSizes(graph?.output, i) ?? []);
  const isFit = sizes.length === 0 || sizes.includes(names.length) || (names.length === 2 && sizes.includes(1));
  return isFit ? undefined : `it has ${names.length} names, and no output has as many columns`;
}

function imageProblem({ graph }: ModelProto, { height, width }: Image): string | undefined {
  const sizes = rowSizes(graph?.input);
  const size = sizes && sizeOf(sizes);
  const isFit = size === undefined || [1, 3].some((colours) => colours * height * width === size);
  return isFit ? undefined : `a picture of ${height} x ${width} does not have the ${size} numbers of a row`;
}
