// Rows of an array: .npy or IDX.

import type { ByteSource } from "./byte-source.js";
import { DataError } from "./data-error.js";
import { idxLayout } from "./idx.js";
import { isNpy, npyLayout } from "./npy.js";
import type { RowSource } from "./row-source.js";
import { sizeOf } from "./size.js";

/** Headers are shorter. */
const HEAD = 2 ** 17;

/**
 * @throws {DataError} If the header cannot be read, there is no axis of rows, or the file is not as long as its shape
 * says.
 */
export function openArray(path: string, bytes: ByteSource): RowSource {
  const head = bytes.read(0, HEAD);
  const layout = (isNpy(head) ? npyLayout : idxLayout)(path, head, bytes.size);
  const { shape, start, itemSize } = layout;
  if (shape.length < 2) throw new DataError(`${path}: must have rows of values, got shape (${shape.join(", ")})`);
  const [rows, ...dims] = shape;
  if (rows === 0) throw new DataError(`${path}: has no rows, its shape is (${shape.join(", ")})`);
  const size = sizeOf(dims);
  return {
    path,
    dims: shape,
    bytes: bytes.size,
    hasLabels: false,
    *batches(most) {
      for (let row = 0; row < rows!; row += most) {
        const count = Math.min(most, rows! - row);
        const values = layout.read(bytes.read(start + row * size * itemSize, count * size * itemSize));
        checkFinite(path, values, row, size);
        yield { path, dims: [count, ...dims], values, labels: undefined };
      }
    },
    close: () => bytes.close(),
  };
}

function checkFinite(
  path: string,
  values: Float32Array | Float64Array | Uint8Array,
  first: number,
  size: number,
): void {
  const odd = values instanceof Uint8Array ? -1 : values.findIndex((value) => !Number.isFinite(value));
  if (odd < 0) return;
  const place = `row ${first + Math.floor(odd / size) + 1}, value ${(odd % size) + 1}`;
  throw new DataError(`${path}: ${place}: must be a finite number, got ${values[odd]}`);
}
