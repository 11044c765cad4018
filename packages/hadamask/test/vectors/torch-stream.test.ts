// PyTorch's CPU stream against vectors made with PyTorch 2.13.0 (streams/torch-cpu.json).
import { type TorchCpu, torchCpu } from "hadamask/streams";
import { describe, expect, test } from "vitest";
import { bitsHex, dtypeOf, maskHex, ramp, readVectors, sizeOf, title, type VectorOp } from "./stream-vectors.js";

const keptValue = (y: Float32Array | Float64Array): string | null => {
  const kept = y.findIndex((value) => value !== 0);
  return kept < 0 ? null : bitsHex(y.subarray(kept, kept + 1) as Float32Array)[0]!;
};

const ones = (n: number, op: VectorOp) =>
  dtypeOf(op) === "float64" ? new Float64Array(n).fill(1) : new Float32Array(n).fill(1);

const nonZero = (y: ArrayLike<number>) => {
  const mask = new Uint32Array(Math.ceil(y.length / 32));
  for (let i = 0; i < y.length; i++) if (y[i] !== 0) mask[i >> 5]! |= 1 << (i & 31);
  return mask;
};

/** What the stream gives for one op, in the form of `expect`. */
function run(stream: TorchCpu, op: VectorOp): Record<string, unknown> {
  if (op.op === "noop") return drawNothing(stream);
  const n = sizeOf(op.shape);
  const rate = op.p!;
  const values = () => (dtypeOf(op) === "float64" ? Float64Array.from(ramp(n)) : Float32Array.from(ramp(n)));
  switch (op.op) {
    case "rand":
      return { first: bitsHex(stream.rand(n, { dtype: dtypeOf(op) }).slice(0, 3)) };
    case "dropout": {
      if (op.dtype === "bf16") return { mask: maskHex(stream.keepMask(n, { rate }), n) };
      const y = stream.dropout(ones(n, op), { rate });
      return { mask: maskHex(nonZero(y), n), ...("kept_value" in op.expect ? { kept_value: keptValue(y) } : {}) };
    }
    case "bernoulli_tensor":
      return { mask: maskHex(nonZero(stream.bernoulli(ones(n, op).fill(rate))), n) };
    case "bernoulli_scalar":
      return { mask: maskHex(stream.bernoulliMask(n, rate), n) };
    case "dropout1d":
    case "dropout2d":
    case "dropout3d":
      return { mask: maskHex(nonZero(stream[op.op](ones(n, op), { rate, shape: op.shape })), n) };
    case "dropout_values":
      return { y: bitsHex(stream.dropout(values(), { rate })) };
    case "alpha_dropout":
      return { y: bitsHex(stream.alphaDropout(values(), { rate })) };
    default:
      throw new Error(`no such op: ${op.op}`);
  }
}

/** p = 0, p = 1 and an empty input draw nothing. */
function drawNothing(stream: TorchCpu): Record<string, unknown> {
  const before = stream.snapshot();
  stream.dropout(new Float32Array(5), { rate: 0 });
  stream.dropout(new Float32Array(5), { rate: 1 });
  stream.dropout(new Float32Array(0), { rate: 0.5 });
  expect(stream.snapshot()).toEqual(before);
  return {};
}

describe("torch: public vectors", () => {
  const { cases } = readVectors("torch-cpu");
  test.each(cases.filter((c) => c.requires === undefined).map((c) => [title(c), c] as const))("%s", (_, c) => {
    const stream = torchCpu(BigInt(c.seed));
    for (const op of c.ops) expect(run(stream, op)).toEqual(op.expect ?? {});
  });

  test.each(cases.filter((c) => c.requires !== undefined).map((c) => [`${title(c)}, ${c.requires}`, c] as const))(
    "%s",
    (_, c) => {
      const stream = torchCpu(BigInt(c.seed));
      const [first, second] = c.ops as [VectorOp, VectorOp];
      const n = sizeOf(first.shape);
      const mask =
        c.requires === "torch>=2.5"
          ? stream.keepMaskChannelsLast(first.shape, { rate: first.p! })
          : stream.keepMask(n, { rate: first.p! });
      expect(maskHex(mask, n)).toBe(first.expect.mask);
      expect(run(stream, second)).toEqual(second.expect);
    },
  );
});
