// TensorFlow's, Keras' and TensorFlow.js's streams against vectors made with TensorFlow 2.21.0, Keras 3.15.1 and
// TensorFlow.js 4.22.0 (streams/tensorflow.json, tensorflow-xla.json, keras.json, tfjs.json).
import { type KerasBackend, keras, type Stream, tensorflow, tensorflowStateless, tfjs } from "hadamask/streams";
import { describe, expect, test } from "vitest";
import { bitsHex, dtypeOf, maskHex, readVectors, sizeOf, title, type VectorOp } from "./stream-vectors.js";

/** Vectors made anew come in one file a framework. */
const fresh = process.env.HADAMASK_VECTORS !== undefined;

/** The mask, and the output for a kept 1, in the form of `expect`. */
function drop(stream: Stream, op: VectorOp, n: number, rate: number) {
  const request = { rate, dtype: dtypeOf(op) };
  const mask = maskHex(stream.keepMask(n, request), n);
  if (!("kept_value" in op.expect)) return { mask };
  const { kept, factor } = stream.arithmetic(request)!;
  const one = kept === "multiply" ? factor : 1 / factor;
  const value = dtypeOf(op) === "float32" ? Float32Array.of(one) : Float64Array.of(one);
  return { mask, kept_value: op.expect.kept_value === null ? null : bitsHex(value)[0] };
}

/** A mask drawn for `noise`, repeated along the axes where that is 1. */
function broadcast(mask: Uint32Array, noise: readonly number[], shape: readonly number[]): Uint32Array {
  const out = new Uint32Array(Math.ceil(sizeOf(shape) / 32));
  for (let i = 0; i < sizeOf(shape); i++) {
    let from = 0;
    for (let axis = 0; axis < shape.length; axis++) {
      const at = Math.floor(i / sizeOf(shape.slice(axis + 1))) % shape[axis]!;
      from = from * noise[axis]! + (noise[axis] === 1 ? 0 : at);
    }
    if ((mask[from >> 5]! >>> (from & 31)) & 1) out[i >> 5]! |= 1 << (i & 31);
  }
  return out;
}

describe("tensorflow: public vectors", () => {
  test.each(
    [...readVectors("tensorflow").cases, ...(fresh ? [] : readVectors("tensorflow-xla").cases)].map(
      (c) => [c.pair ? `${c.id}, pair ${c.pair} (${c.note ?? "plain"})` : title(c), c] as const,
    ),
  )("%s", (_, c) => {
    const [first, second] = ((c.pair ?? [c.seed, "0"]) as [string, string]).map(BigInt) as [bigint, bigint];
    const stateful = tensorflow(first);
    for (const op of c.ops) {
      const n = sizeOf(op.shape);
      const stream = op.op === "dropout" ? stateful : tensorflowStateless(first, { second, xla: op.xla === true });
      if (op.op === "stateless_uniform") {
        expect({ first: bitsHex(stream.uniforms(n, { dtype: dtypeOf(op) }).slice(0, 3)) }).toEqual(op.expect);
      } else expect(drop(stream, op, n, op.p!)).toEqual(op.expect);
    }
  });
});

describe("keras: public vectors", () => {
  test.each(readVectors("keras").cases.map((c) => [`${c.backend}, ${title(c)}, p ${c.p}`, c] as const))(
    "%s",
    (_, c) => {
      const stream = keras(c.backend as KerasBackend, BigInt(c.seed));
      for (const op of c.ops) {
        const noise = (c.noise_shape as number[] | undefined) ?? op.shape;
        const mask = stream.keepMask(sizeOf(noise), { rate: c.p as number });
        expect(maskHex(broadcast(mask, noise, op.shape), sizeOf(op.shape)), JSON.stringify(op)).toBe(op.expect.mask);
      }
    },
  );
});

describe("tfjs: public vectors", () => {
  test.each(readVectors("tfjs").cases.map((c) => [title(c), c] as const))("%s", (_, c) => {
    const stream = tfjs(c.seedType === "number" ? Number(c.seed) : c.seed);
    for (const op of c.ops) {
      const n = sizeOf(op.shape);
      if (op.op === "randomUniform") {
        expect({ first: bitsHex(stream.uniforms(n).slice(0, 3)) }).toEqual(op.expect);
        continue;
      }
      const noise = (op.noiseShape as number[] | undefined) ?? op.shape;
      const got = drop(stream, op, sizeOf(noise), op.p!);
      const mask = maskHex(broadcast(stream.keepMask(sizeOf(noise), { rate: op.p! }), noise, op.shape), n);
      expect({ ...got, mask }).toEqual(op.expect);
    }
  });
});
