// JAX's random functions and the Dropout of Flax and Equinox against vectors made with JAX 0.10.2 and Flax 0.12.8
// (streams/jax.json, streams/flax.json).
import type { Key } from "hadamask";
import {
  equinox,
  flaxLinen,
  flaxNnx,
  type JaxConfig,
  jax,
  jaxBernoulli,
  jaxBits,
  jaxBits64,
  jaxFoldIn,
  jaxKey,
  jaxSplit,
  jaxUniform,
} from "hadamask/streams";
import { describe, expect, test } from "vitest";
import { bitsHex, dtypeOf, maskHex, readVectors, sizeOf, title, type VectorOp } from "./stream-vectors.js";

const hex = (word: number, digits = 8) => word.toString(16).padStart(digits, "0");
const keyHex = (key: Key) => hex(key[0]) + hex(key[1]);

/** The words of `bits` as hex digits, with their exclusive or and their sum. */
function digest(words: readonly bigint[], width: number, count: number) {
  return {
    first: words.slice(0, count).map((w) => w.toString(16).padStart(width / 4, "0")),
    xor: words.reduce((a, b) => a ^ b, 0n).toString(16),
    sum: String(words.reduce((a, b) => a + b, 0n)),
  };
}

function bits(key: Key, op: VectorOp, config: JaxConfig) {
  const n = sizeOf(op.shape);
  const width = op.width as 8 | 16 | 32 | 64;
  const count = op.expect.first!.length;
  if (width !== 64)
    return digest(
      Array.from(jaxBits(key, n, width, config), (word) => BigInt(word)),
      width,
      count,
    );
  const { high, low } = jaxBits64(key, n, config);
  return digest(
    Array.from(high, (h, i) => (BigInt(h) << 32n) | BigInt(low[i]!)),
    width,
    count,
  );
}

describe("jax: public vectors", () => {
  test.each(
    readVectors("jax").cases.map((c) => [`${title(c)}, x64 ${c.x64}, partitionable ${c.partitionable}`, c] as const),
  )("%s", (_, c) => {
    const config = { x64: c.x64 as boolean, partitionable: c.partitionable as boolean };
    let key = jaxKey(BigInt(c.seed), config);
    for (const op of c.ops) {
      switch (op.op) {
        case "key":
          expect(keyHex(key)).toBe(op.expect.key);
          break;
        case "split": {
          const keys = jaxSplit(key, op.n as number, config);
          expect(keys.map(keyHex)).toEqual(op.expect.keys);
          if (op.take !== undefined) key = keys[op.take as number]!; // the calls after this one draw from it
          break;
        }
        case "fold_in": {
          const folded = jaxFoldIn(key, op.data as number);
          expect(keyHex(folded)).toBe(op.expect.key);
          if (op.take !== undefined) key = folded;
          break;
        }
        case "bits":
          expect(bits(key, op, config)).toEqual(op.expect);
          break;
        case "uniform":
          expect(bitsHex(jaxUniform(key, sizeOf(op.shape), dtypeOf(op), config).slice(0, 3))).toEqual(op.expect.first);
          break;
        case "bernoulli": {
          const n = sizeOf(op.shape);
          expect(maskHex(jaxBernoulli(key, op.p!, n, config), n)).toBe(op.expect.mask);
          break;
        }
        default:
          throw new Error(`no such op: ${op.op}`);
      }
    }
  });
});

/** The mask of the call with this number, on a stream whose calls begin at `first`. */
function nthMask(
  stream: { keepMask(n: number, request: { rate: number }): Uint32Array },
  n: number,
  rate: number,
  call: number,
) {
  for (let i = 0; i < call; i++) stream.keepMask(1, { rate });
  return stream.keepMask(n, { rate });
}

/** How many decisions a Dropout takes whose `broadcast_dims` share them, and a mask of them spread over the shape. */
function spread(mask: Uint32Array, shape: readonly number[], broadcast: readonly number[]): Uint32Array {
  const out = new Uint32Array(Math.ceil(sizeOf(shape) / 32));
  for (let i = 0; i < sizeOf(shape); i++) {
    let from = 0;
    for (let axis = 0, rest = i; axis < shape.length; axis++) {
      const stride = sizeOf(shape.slice(axis + 1));
      const at = Math.floor(rest / stride);
      rest %= stride;
      from = broadcast.includes(axis) ? from : from * shape[axis]! + at;
    }
    if ((mask[from >> 5]! >>> (from & 31)) & 1) out[i >> 5]! |= 1 << (i & 31);
  }
  return out;
}

describe("flax and equinox: public vectors", () => {
  test.each(readVectors("flax").cases.map((c) => [`${title(c)}, p ${c.ops[0]!.p}`, c] as const))("%s", (_, c) => {
    const seed = BigInt(c.seed);
    for (const op of c.ops) {
      const n = sizeOf(op.shape);
      const rate = op.p!;
      const broadcast = (op.broadcast as number[] | undefined) ?? [];
      const drawn = sizeOf(op.shape.filter((_, axis) => !broadcast.includes(axis)));
      const mask = {
        linen: () => nthMask(flaxLinen(seed, { path: op.path as string[] }), drawn, rate, (op.count as number) - 1),
        nnx: () => nthMask(flaxNnx(seed, { index: op.index as number }), n, rate, op.call as number),
        nnx_call: () => nthMask(flaxNnx(seed, { atCall: true }), n, rate, op.call as number),
        eqx: () => nthMask(equinox(seed), n, rate, 0),
      }[op.op]!();
      expect(maskHex(spread(mask, op.shape, broadcast), n), JSON.stringify(op)).toBe(op.expect.mask);
    }
  });
});

describe("jax as a stream", () => {
  const request = { rate: 0.5 } as const;
  const plain = (key: Key) => maskHex(jaxBernoulli(key, 0.5, 100), 100);
  const root = jaxKey(42);

  test("draws from the same key at every call unless told otherwise", () => {
    const stream = jax(42);
    expect([1, 2].map(() => maskHex(stream.keepMask(100, request), 100))).toEqual([plain(root), plain(root)]);
  });

  test("draws call t from fold_in(key, t), or splits before every call", () => {
    const folded = jax(42, { calls: "fold-in" });
    expect([0, 1].map(() => maskHex(folded.keepMask(100, request), 100))).toEqual(
      [0, 1].map((t) => plain(jaxFoldIn(root, t))),
    );
    const split = jax(42, { calls: "split" });
    const [next, first] = jaxSplit(root) as [Key, Key];
    const [, second] = jaxSplit(next) as [Key, Key];
    expect([0, 1].map(() => maskHex(split.keepMask(100, request), 100))).toEqual([plain(first), plain(second)]);
  });
});
