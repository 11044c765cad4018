// The fixture models, and what PyTorch says about them (oracles/onnx_fixtures.py).

import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("../fixtures/", import.meta.url);

export const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)));

/** Every model, by file name. */
export const fixtureNames: readonly string[] = readdirSync(folder).filter((name) => name.endsWith(".onnx"));

/** PyTorch's own numbers for a model: deterministic output, and moments over `passes` stochastic passes. */
export interface Expected {
  readonly passes: number;
  readonly x: { readonly dims: number[]; readonly data: number[] };
  readonly deterministic: { readonly dims: number[]; readonly data: number[] };
  readonly mean: number[];
  readonly variance: number[];
  readonly fourth: number[];
}

export const expected = JSON.parse(readFileSync(new URL("expected.json", folder), "utf8")) as Record<string, Expected>;

/** The rows that PyTorch was asked about, as an input. */
export const rowsOf = (name: string): { data: Float32Array; dims: number[] } => {
  const { x } = expected[name]!;
  return { data: Float32Array.from(x.data), dims: x.dims };
};
