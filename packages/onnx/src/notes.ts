// What a model file says about its data besides the graph: names of classes, the shape of pictures. Kept in the
// metadata as JSON.

import type { EntryProto, ModelProto } from "./protobuf/types.js";

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

/** The notes of a model; without those that are not there or cannot be read. */
export function readNotes(model: ModelProto): ModelNotes {
  const [classes, image] = [KEYS.classes, KEYS.image].map((key) => parsed(model, key));
  return {
    ...(isNames(classes) ? { classes } : {}),
    ...(isImage(image) ? { image } : {}),
  };
}

function parsed(model: ModelProto, key: string): unknown {
  const text = (model.metadataProps ?? []).find((entry) => entry.key === key)?.value;
  try {
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined; // somebody else's note under our name
  }
}

const isNames = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((name) => typeof name === "string");

const isImage = (value: unknown): value is { height: number; width: number } =>
  typeof value === "object" &&
  value !== null &&
  "height" in value &&
  "width" in value &&
  Number.isInteger(value.height) &&
  Number.isInteger(value.width);
