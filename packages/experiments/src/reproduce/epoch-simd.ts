// The epoch in WebAssembly SIMD (assembly/regression.ts): the same bits as the plain one.

import { wasmMemory, wasmModule } from "../wasm-module.js";
import { ARRAYS, type ArrayName, arrayLengths, type EpochRates, type EpochShape, type EpochTrainer } from "./epoch.js";
import { EPOCH_WASM } from "./epoch-wasm.js";

interface EpochExports {
  shape(rows: number, columns: number, hidden: number, batchSize: number, scale: number, decay: number): void;
  place(...addresses: number[]): void;
  epoch(inputFirst: number, hiddenFirst: number): void;
}

const compiled = wasmModule(EPOCH_WASM);

/** Undefined where WebAssembly SIMD is missing or forbidden. */
export function simdTrainer(shape: EpochShape, { rate, decay }: EpochRates): EpochTrainer | undefined {
  const module = compiled();
  if (module === undefined) return undefined;
  const lengths = arrayLengths(shape);
  const at = {} as Record<ArrayName, number>;
  let end = 1024;
  for (const name of ARRAYS) {
    at[name] = end;
    end += (4 * lengths[name] + SLACK) & ~15; // what is read in fours reads past the end
  }
  const pages = Math.ceil(end / 65536);
  const memory = wasmMemory(pages);
  if (memory === undefined) return undefined;
  // What a module exports has no type: these are the functions of assembly/regression.ts.
  const exports = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as EpochExports;
  exports.shape(shape.rows, shape.columns, shape.hidden, shape.batchSize, 1 / (1 - rate), decay);
  exports.place(...ARRAYS.map((name) => at[name]));
  const floats = (name: ArrayName) => new Float32Array(memory.buffer, at[name], lengths[name]);
  const words = (name: ArrayName) => new Uint32Array(memory.buffer, at[name], lengths[name]);
  return {
    x: floats("x"),
    y: floats("y"),
    order: words("order"),
    inputBits: words("inputBits"),
    hiddenBits: words("hiddenBits"),
    factors: floats("factors"),
    weights: floats("weights"),
    mean: floats("mean"),
    epoch: exports.epoch,
  };
}

const SLACK = 64 + 15;
