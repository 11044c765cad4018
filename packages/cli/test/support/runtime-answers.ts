// What ONNX Runtime itself says of a model file, for the tests of `hadamask uncertainty`.

import { readFileSync } from "node:fs";
import * as ort from "onnxruntime-node";
import { expect } from "vitest";

export type Feeds = Record<string, readonly [ArrayLike<number>, readonly number[]]>;

/** The answers without dropout are what the runtime says of the file. */
export async function holdsRuntime(
  model: string,
  output: string,
  feeds: Feeds,
  found: readonly { readonly deterministic: number[] }[],
): Promise<void> {
  const session = await ort.InferenceSession.create(readFileSync(model), { logSeverityLevel: 4 });
  const tensors = Object.entries(feeds).map(([name, [values, dims]]) => {
    return [name, new ort.Tensor("float32", Float32Array.from(values), [...dims])] as const;
  });
  const { data } = (await session.run(Object.fromEntries(tensors)))[output]!;
  const plain = found.flatMap(({ deterministic }) => deterministic);
  expect(plain).toHaveLength(data.length);
  plain.forEach((value, i) => {
    expect(value).toBeCloseTo((data as Float32Array)[i]!, 4);
  });
  await session.release();
}
