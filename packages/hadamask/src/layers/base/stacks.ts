// Products of stacks of small matrices, for attention. Plain loops; sums in float64, rounded once.

import type { FloatArray } from "../../types.js";

/** Matrices of one shape, one after another in C order. */
export interface Stack {
  readonly values: FloatArray;
  readonly rows: number;
  readonly columns: number;
}

/** The same matrices, read by columns. */
export interface Transposed {
  readonly transposed: Stack;
}

interface View {
  readonly values: FloatArray;
  readonly rows: number;
  readonly columns: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

function view(stack: Stack | Transposed): View {
  if (!("transposed" in stack)) return { ...stack, rowStride: stack.columns, columnStride: 1 };
  const { values, rows, columns } = stack.transposed;
  return { values, rows: columns, columns: rows, rowStride: 1, columnStride: columns };
}

/** `out[p] = scale * a[p] b[p]` for each pair of matrices. */
export function multiplyStacks(out: FloatArray, a: Stack | Transposed, b: Stack | Transposed, scale = 1): FloatArray {
  const [left, right] = [view(a), view(b)];
  const { rows, columns: inner } = left;
  const { columns } = right;
  for (let cell = 0; cell < out.length; cell++) {
    const column = cell % columns;
    const row = Math.floor(cell / columns) % rows;
    const part = Math.floor(cell / (columns * rows));
    let i = part * rows * inner + row * left.rowStride;
    let j = part * inner * columns + column * right.columnStride;
    let sum = 0;
    for (let k = 0; k < inner; k++, i += left.columnStride, j += right.rowStride) {
      sum += left.values[i]! * right.values[j]!;
    }
    out[cell] = scale * sum;
  }
  return out;
}
