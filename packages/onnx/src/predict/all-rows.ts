// From runs, which have a size of their own, to the rows that were asked for.

import type { Placing } from "./probe.js";
import type { RowOutput } from "./row-outputs.js";

/** Outputs of rows `row` … `row + count - 1`. A run of fixed size is filled up with its last row. */
export async function someRows(
  placed: Placing,
  row: number,
  count: number,
  run: (rows: Int32Array) => Promise<readonly RowOutput[]>,
): Promise<RowOutput[]> {
  const rows = Int32Array.from({ length: placed.fixed ?? count }, (_, i) => row + Math.min(i, count - 1));
  const outputs = await run(rows);
  return outputs.map((output) => ({
    ...output,
    data: output.data.subarray(0, (output.data.length / rows.length) * count),
  }));
}

/** All rows, `capacity` at a time: for each output one array, rows x the numbers of a row. */
export async function allRows(
  rows: number,
  capacity: number,
  some: (row: number, count: number) => Promise<readonly RowOutput[]>,
): Promise<Float64Array[]> {
  const all: Float64Array[] = [];
  for (let row = 0; row < rows; row += capacity) {
    const count = Math.min(capacity, rows - row);
    (await some(row, count)).forEach(({ data }, i) => {
      const columns = data.length / count;
      all[i] ??= new Float64Array(rows * columns);
      all[i].set(data, row * columns);
    });
  }
  return all;
}
