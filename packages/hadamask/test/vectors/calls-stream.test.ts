// Sequences of calls against PyTorch 2.13.0 and TensorFlow 2.21.0 (streams/calls.json): randn and what it leaves for
// the next call, uniform_, feature alpha dropout, how many words other calls take, operation seeds.
import { readFileSync } from "node:fs";
import { type TorchCpu, tensorflow, torchCpu } from "hadamask/streams";
import { describe, expect, test } from "vitest";
import { bitsHex, maskHex, ramp, sizeOf } from "./stream-vectors.js";

interface Call {
  readonly call: readonly unknown[];
  readonly values?: readonly string[];
  readonly mask?: string;
  readonly words?: number;
  readonly next?: readonly string[];
}

interface Row {
  readonly stream: "torch" | "tensorflow";
  readonly seed: string;
  readonly calls: readonly Call[];
}

const { rows } = JSON.parse(readFileSync(new URL("./streams/calls.json", import.meta.url), "utf8")) as {
  readonly rows: readonly Row[];
};
const rowsOf = (stream: Row["stream"]) =>
  rows.filter((row) => row.stream === stream).map((row) => [row.seed, row] as const);

const fromHex = (digits: string): number =>
  digits.length === 8 ? Buffer.from(digits, "hex").readFloatBE() : Buffer.from(digits, "hex").readDoubleBE();

/**
 * How far `randn` may be off. Fewer than 16 float32 values: not at all (float64 results, rounded). Otherwise the last
 * bits of logarithm, sine and cosine: PyTorch's vectorised float32 ones stay within 4 units of 2^-24 on each, as do
 * float64 ones of 2^-53, and a radius of up to 5.8 multiplies that.
 */
const randnBound = (n: number, dtype: string): number => {
  if (dtype === "float64") return 24 * 2 ** -53;
  return n < 16 ? 0 : 24 * 2 ** -24;
};

function run(stream: TorchCpu, { call, values, mask, words, next }: Call): void {
  const [name, ...rest] = call;
  const where = JSON.stringify(call);
  if (name === "randn") {
    const [n, dtype] = rest as [number, "float32" | "float64"];
    const got = dtype === "float64" ? stream.randn(n, { dtype }) : stream.randn(n);
    expect(got).toHaveLength(values!.length);
    const off = Array.from(got, (value, i) => Math.abs(value - fromHex(values![i]!)));
    expect(Math.max(...off), where).toBeLessThanOrEqual(randnBound(n, dtype));
  } else if (name === "rand") {
    expect(bitsHex(stream.rand(rest[0] as number)), where).toEqual(values);
  } else if (name === "uniform") {
    expect(bitsHex(stream.uniform(...(rest as [number, number, number]))), where).toEqual(values);
  } else if (name === "dropout") {
    const [n, rate] = rest as [number, number];
    expect(maskHex(stream.keepMask(n, { rate }), n), where).toBe(mask);
  } else if (name === "feature_alpha_dropout") {
    const [shape, rate] = rest as [number[], number];
    const x = Float32Array.from(ramp(sizeOf(shape)));
    expect(bitsHex(stream.alphaDropout(x, { rate, shape })), where).toEqual(values);
  } else {
    stream.manualSeed(10);
    stream.skip(words!);
    expect(bitsHex(stream.rand(4)), where).toEqual(next);
  }
}

describe("torch: sequences of calls", () => {
  test.each(rowsOf("torch"))("seed %s", (seed, row) => {
    const stream = torchCpu(BigInt(seed));
    for (const call of row.calls) run(stream, call);
  });
});

describe("tensorflow: operation seeds, and what rate 0 takes", () => {
  test.each(rowsOf("tensorflow"))("seed %s", (seed, row) => {
    const [, , operationSeed] = row.calls[0]!.call as [number, number, number | null];
    const stream = tensorflow(BigInt(seed), operationSeed === null ? {} : { operationSeed });
    for (const { call, mask } of row.calls) {
      const [n, rate] = call as [number, number];
      expect(maskHex(stream.keepMask(n, { rate }), n), JSON.stringify(call)).toBe(mask);
    }
  });
});
