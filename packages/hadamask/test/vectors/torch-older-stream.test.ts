// PyTorch's MKL and CUDA streams. MKL: masks by Intel MKL 2020.4 (streams/torch-mkl.json). CUDA: masks of a second
// implementation and numbers that real devices printed (streams/torch-cuda.json).
import { torchCpu, torchCuda, torchMkl } from "hadamask/streams";
import { describe, expect, test } from "vitest";
import { bitsHex, maskHex, readVectors, sizeOf, title, type VectorOp } from "./stream-vectors.js";

const at = (mask: Uint32Array, i: number) => (mask[i >> 5]! >>> (i & 31)) & 1;

describe("torch-mkl: vectors", () => {
  const { cases, published } = readVectors("torch-mkl");
  test.each(cases.map((c) => [title(c), c] as const))("%s", (_, c) => {
    const stream = torchMkl(BigInt(c.seed));
    for (const op of c.ops) {
      const n = sizeOf(op.shape);
      if (op.op === "rand") expect(bitsHex(stream.rand(n).slice(0, 3))).toEqual(op.expect.first);
      else expect(maskHex(stream.keepMask(n, { rate: op.p! }), n)).toBe(op.expect.mask);
    }
  });

  test("published: rasbt/LLMs-from-scratch issue 57, 36 decisions", () => {
    const [op] = published![0]!.ops as [VectorOp];
    expect(maskHex(torchMkl(123).keepMask(36, { rate: 0.5 }), 36)).toBe(op.expect.mask);
  });

  test("published: the second call of the same notebook, at the 21 places that were printed", () => {
    const stream = torchMkl(123);
    stream.keepMask(36, { rate: 0.5 });
    const mask = stream.keepMask(36, { rate: 0.5 });
    const lower = Array.from({ length: 36 }, (_, i) => i).filter((i) => i % 6 <= Math.floor(i / 6));
    expect(lower.map((i) => at(mask, i)).join("")).toBe(published![1]!.second_call_lower_triangle);
  });

  test("published: pytorch issue 84030, a sum for each kernel", () => {
    const sum = (stream: ReturnType<typeof torchCpu>) =>
      stream.dropout(stream.rand(10), { rate: 0.5 }).reduce((a, b) => a + b, 0);
    const issue = published![2]!;
    expect(sum(torchMkl(123)).toFixed(4)).toBe(issue.sum);
    expect(sum(torchCpu(123)).toFixed(4)).toBe(issue.sum_default_kernel);
  });
});

describe("torch-cuda: vectors", () => {
  const { cases, published } = readVectors("torch-cuda");
  const threadsOf = (c: Readonly<Record<string, unknown>>) => Number(c.sms) * Math.floor(Number(c.tpm) / 256) * 256;

  test.each(cases.map((c) => [`${title(c)}, ${c.sms} x ${c.tpm} threads`, c] as const))("%s", (_, c) => {
    const stream = torchCuda(BigInt(c.seed), { threads: threadsOf(c) });
    for (const op of c.ops) {
      const n = sizeOf(op.shape);
      if (op.op === "rand") expect(bitsHex(stream.rand(n).slice(0, op.expect.first!.length))).toEqual(op.expect.first);
      else if (op.op === "bernoulli") expect(maskHex(stream.bernoulliMask(n, 1 - op.p!), n)).toBe(op.expect.mask);
      else expect(maskHex(stream.keepMask(n, { rate: op.p! }), n)).toBe(op.expect.mask);
    }
  });

  test("published: torch.rand(10) twice after manual_seed(0)", () => {
    const [issue] = published!;
    const stream = torchCuda(0);
    const printed = (values: Float32Array) => Array.from(values, (v) => Number(v.toFixed(4)));
    const first = issue!.rand as number[];
    expect(printed(torchCuda(0).rand(first.length))).toEqual(first);
    stream.rand(10);
    expect(printed(stream.rand(10))).toEqual(issue!.second_rand);
  });

  test("published: dropout of 2^21 ones on an RTX 4080 SUPER, the first and last places dropped", () => {
    const issue = published![1]!;
    const n = issue.n as number;
    const mask = torchCuda(1, { threads: threadsOf(issue) }).keepMask(n, { rate: issue.p as number });
    const dropped = Array.from({ length: n }, (_, i) => i).filter((i) => at(mask, i) === 0);
    expect(dropped.slice(0, 3)).toEqual(issue.first_zeros);
    expect(dropped.slice(-3)).toEqual(issue.last_zeros);
  });

  test("published: the sum of 10^6 ones after the scalar kernel, on a P100 and a K80", () => {
    const issue = published![2]!;
    const sum = (threads: number) => {
      const mask = torchCuda(0, { threads }).bernoulliMask(1e6, 0.5);
      let kept = 0;
      for (let i = 0; i < 1e6; i++) kept += at(mask, i);
      return 2 * kept;
    };
    expect(sum(56 * 2048)).toBe(issue.sum_p100);
    expect(sum(13 * 2048)).toBe(issue.sum_k80);
  });
});
