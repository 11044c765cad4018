// The tensors that stand in a model: where they are, and that their sizes are what they say. What is wrong here would
// be found by the runtime alone, in its own words, or by nobody.

import { shown } from "../check.js";
import { sizeOf } from "../size.js";
import { subgraphs } from "./nodes.js";
import { EXTERNAL_LOCATION, type GraphProto, type ModelProto, type TensorProto } from "./types.js";

/** All of them: weights, and values of attributes, those of subgraphs and functions included. */
export function* storedTensors({ graph, functions = [] }: ModelProto): Generator<TensorProto> {
  const open: Pick<GraphProto, "initializer" | "node">[] = [
    graph!,
    ...functions.map(({ node }) => (node === undefined ? {} : { node })),
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield* next.initializer ?? [];
    for (const node of next.node ?? []) {
      for (const attribute of node.attribute ?? []) if (attribute.t) yield attribute.t;
      open.push(...subgraphs(node));
    }
  }
}

/** Bytes of an element, by the numbers of the file format; types that share bytes are not here. */
const ITEM_SIZES: Readonly<Record<number, number>> = {
  ...{ 1: 4, 2: 1, 3: 1, 4: 2, 5: 2, 6: 4, 7: 8, 9: 1, 10: 2, 11: 8, 12: 4, 13: 8, 14: 8, 15: 16 },
  ...{ 16: 2, 17: 1, 18: 1, 19: 1, 20: 1 },
};

/** What external data say of themselves in whole numbers. */
const NUMBERS = ["offset", "length"] as const;

/**
 * Holds tensors to their own sizes. One without data passes: models are handed on without their weights, too.
 *
 * @throws {RangeError} If a size is negative or too large, data have another length than the sizes, or external data
 *   say two things, or no whole numbers.
 */
export function checkTensors(where: string, model: ModelProto): void {
  for (const tensor of storedTensors(model)) {
    const name = shown(tensor.name || "without a name");
    const fail = (rule: string, got: string): never => {
      throw new RangeError(`${where}: tensor ${name} must have ${rule}, got ${got}`);
    };
    const dims = (tensor.dims ?? []).map(Number);
    const size = sizeOf(dims);
    if (!dims.every((length) => length >= 0) || !Number.isSafeInteger(size))
      fail("whole sizes whose product is below 2^53", `[${dims.join(",")}]`);
    const bytes = size * (ITEM_SIZES[tensor.dataType ?? 0] ?? Number.NaN);
    if (tensor.dataLocation === EXTERNAL_LOCATION) checkExternal(tensor, bytes, fail);
    else if (tensor.rawData !== undefined && tensor.rawData.length > 0 && tensor.rawData.length !== bytes) {
      if (!Number.isNaN(bytes)) fail(`${bytes} bytes for its sizes [${dims.join(",")}]`, String(tensor.rawData.length));
    }
  }
}

function checkExternal(
  { externalData = [] }: TensorProto,
  bytes: number,
  fail: (rule: string, got: string) => never,
): void {
  const keys = externalData.map(({ key }) => key);
  const twice = keys.find((key, i) => keys.indexOf(key) !== i);
  if (twice !== undefined) fail(`one ${shown(twice ?? "")} of its external data`, "two");
  const entry = (key: string): string | undefined => externalData.find((found) => found.key === key)?.value;
  for (const key of NUMBERS) {
    const value = entry(key);
    if (value !== undefined && !(/^\d+$/.test(value) && Number.isSafeInteger(Number(value))))
      fail(`a whole number as ${key} of its external data`, JSON.stringify(shown(value.slice(0, 40))));
  }
  const length = entry("length");
  if (length !== undefined && !Number.isNaN(bytes) && Number(length) !== bytes)
    fail(`${bytes} bytes for its sizes`, length);
}
