// A Dropout layer on a foreign stream against the real layers, last bit included: outputs and gradients with PyTorch
// 2.13.0, TensorFlow 2.21.0, Flax 0.12.8, Equinox' expressions in JAX 0.10.2 and Keras 3.15.1
// (streams/layer-values.json).
import { readFileSync } from "node:fs";
import { Dropout } from "hadamask";
import { createStream, type StreamName } from "hadamask/streams";
import { describe, expect, test } from "vitest";
import { bitsHex } from "./stream-vectors.js";

interface Row {
  readonly stream: StreamName;
  readonly seed: number;
  readonly dtype: "float32" | "float64";
  readonly rate: number;
  readonly y: readonly string[];
  /** The gradient for dy = x reversed; Keras' rows have none. */
  readonly dx?: readonly string[];
}

const file = JSON.parse(readFileSync(new URL("./streams/layer-values.json", import.meta.url), "utf8")) as {
  readonly x: Readonly<Record<Row["dtype"], readonly string[]>>;
  readonly rows: readonly Row[];
};

function fromHex(bits: readonly string[], dtype: Row["dtype"]): Float32Array | Float64Array {
  const bytes = bits.map((digits) => Buffer.from(digits, "hex"));
  if (dtype === "float32") return Float32Array.from(bytes, (b) => b.readFloatBE());
  return Float64Array.from(bytes, (b) => b.readDoubleBE());
}

/** The bits, all NaNs as one: their payload and sign are not part of any promise. */
const plain = (values: Float32Array | Float64Array) =>
  bitsHex(values).map((digits, i) => (Number.isNaN(values[i]) ? "NaN" : digits));

describe("a layer on a foreign stream", () => {
  test.each(file.rows.map((row) => [`${row.stream}, ${row.dtype}, rate ${row.rate}`, row] as const))("%s", (_, row) => {
    const { dtype, rate } = row;
    const x = fromHex(file.x[dtype], dtype);
    const layer = new Dropout({ rate, stream: createStream(row.stream, row.seed) });
    expect(plain(layer.forward(x))).toEqual(plain(fromHex(row.y, dtype)));
    if (row.dx === undefined) return;
    expect(plain(layer.backward(x.slice().reverse()))).toEqual(plain(fromHex(row.dx, dtype)));
  });

  test("covers kept and dropped elements of every kind in every stream", () => {
    for (const { y, dtype } of file.rows.filter((row) => row.rate > 0 && row.rate < 1)) {
      const kept = fromHex(y, dtype).filter((value) => Math.abs(value) > 0).length;
      expect(kept).toBeGreaterThan(0);
      expect(kept).toBeLessThan(y.length);
    }
  });
});
