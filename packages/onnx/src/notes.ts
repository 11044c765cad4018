// What a model file says about its data besides the graph: names of classes, the shape of pictures. Kept in the
// metadata as JSON, and checked when read, since anybody may write it.

import { type EntryProto, type ModelProto, toNumber } from "./protobuf/types.js";
import { sizeOf } from "./size.js";

/** Notes of `exportMlp`; whoever writes models may write them, too. */
export interface ModelNotes {
  /** Names of the classes, in the order of the outputs. */
  readonly classes?: readonly string[];
  /** How the features form a picture, in C order. */
  readonly image?: { readonly height: number; readonly width: number };
  /** How the columns of a table became features, in their order. */
  readonly columns?: readonly ColumnNote[];
  /** What is predicted where it is a value, and the output that is the log variance of its noise. */
  readonly target?: { readonly name: string; readonly logVariance?: string } | undefined;
}

/**
 * A column of a table: a number as it is, or a feature of 0 or 1 for each of its categories. Missing values are NaN;
 * with "indicator" one more feature is 1 for them, else 0.
 */
export type ColumnNote = (
  | { readonly kind: "number"; readonly name: string }
  | { readonly kind: "category"; readonly name: string; readonly categories: readonly string[] }
) & { readonly missing?: "mean" | "indicator" };

/** Where each is kept, in the order in which they are written. */
const KEYS = {
  columns: "hadamask.columns",
  target: "hadamask.target",
  classes: "hadamask.classes",
  image: "hadamask.image",
} as const;

const NAMES = Object.keys(KEYS) as (keyof typeof KEYS)[];

/** The notes as metadata. */
export function notesOf(notes: ModelNotes): EntryProto[] {
  const there = NAMES.filter((name) => notes[name] !== undefined);
  return there.map((name) => ({ key: KEYS[name], value: JSON.stringify(notes[name]) }));
}

/**
 * The notes of a model; without those that are not there or are wrong, for which see `Inspection.warnings`.
 *
 * @example
 * ```ts
 * import { readModel, readNotes } from "@hadamask/onnx";
 * import { exportMlp } from "@hadamask/onnx/mlp";
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
  const columns = read(KEYS.columns, areColumns, (notes) => columnProblem(model, notes));
  const target = read(KEYS.target, isTarget, (note) => targetProblem(model, note));
  return {
    notes: {
      ...(classes ? { classes } : {}),
      ...(image ? { image } : {}),
      ...(columns ? { columns } : {}),
      ...(target ? { target } : {}),
    },
    warnings,
  };
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

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

const isColumn = (value: unknown): boolean =>
  isObject(value) &&
  typeof value.name === "string" &&
  (value.missing === undefined || value.missing === "mean" || value.missing === "indicator") &&
  (value.kind === "number" || (value.kind === "category" && isNames(value.categories)));

const areColumns = (value: unknown): value is ColumnNote[] =>
  Array.isArray(value) && value.length > 0 && value.every(isColumn);

type Target = NonNullable<ModelNotes["target"]>;

const isTarget = (value: unknown): value is Target =>
  isObject(value) &&
  typeof value.name === "string" &&
  (value.logVariance === undefined || typeof value.logVariance === "string");

/** Features of a column. */
const widthOf = (note: ColumnNote): number =>
  (note.kind === "number" ? 1 : note.categories.length) + (note.missing === "indicator" ? 1 : 0);

function columnProblem(model: ModelProto, notes: readonly ColumnNote[]): string | undefined {
  const sizes = rowSizes(model.graph?.input);
  const features = notes.reduce((sum, note) => sum + widthOf(note), 0);
  return sizes === undefined || sizeOf(sizes) === features
    ? undefined
    : `its columns make ${features} features, and a row has ${sizes.join(" x ")}`;
}

function targetProblem({ graph }: ModelProto, { logVariance }: Target): string | undefined {
  const isThere = logVariance === undefined || (graph?.output ?? []).some(({ name }) => name === logVariance);
  return isThere ? undefined : `no output is called ${logVariance}`;
}

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
