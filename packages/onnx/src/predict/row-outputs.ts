// Outputs of a run with their rows first.

import { shown } from "../check.js";
import { sizeOf } from "../size.js";
import { floatsOf } from "./convert.js";
import type { OrtTensor } from "./ort.js";

/** An output of some rows: rows x the numbers of a row, in C order. */
export interface RowOutput {
  readonly data: Float32Array | Float64Array;
  /** Shape of one row. */
  readonly dims: readonly number[];
  /** Whether the model computes it with 16 bits. */
  readonly isHalf: boolean;
}

/** Where the rows of an output are: on an axis, or "whole": all of it belongs to the one row of the run. */
export type OutputRows = number | "whole";

/** @throws {RangeError} If the output has another number of rows. */
export function rowOutput(where: string, name: string, tensor: OrtTensor, place: OutputRows, rows: number): RowOutput {
  const data = floatsOf(tensor);
  const dims = tensor.dims.map(Number);
  const isHalf = tensor.type === "float16" || tensor.type === "bfloat16";
  if (place === "whole") return { data, dims: withoutRowsOfOne(dims), isHalf };
  if (dims[place] !== rows) {
    throw new RangeError(
      `${where}: output ${shown(name)} must have ${rows} rows like the inputs, got shape [${dims.join(",")}]; ` +
        `say on which axis they are: { batchAxis: { ${shown(name)}: … } }`,
    );
  }
  const rest = dims.filter((_, axis) => axis !== place);
  if (place === 0) return { data, dims: rest, isHalf };
  const inner = sizeOf(dims.slice(place + 1));
  const outer = data.length / (rows * inner);
  const turned = data.slice();
  for (let o = 0; o < outer; o++) {
    for (let row = 0; row < rows; row++) {
      const from = (o * rows + row) * inner;
      turned.set(data.subarray(from, from + inner), (row * outer + o) * inner);
    }
  }
  return { data: turned, dims: rest, isHalf };
}

/** A leading axis of one is the row's place in a batch of one. */
const withoutRowsOfOne = (dims: readonly number[]): readonly number[] =>
  dims.length > 1 && dims[0] === 1 ? dims.slice(1) : dims;
