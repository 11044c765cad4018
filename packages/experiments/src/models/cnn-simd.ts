// Prediction of a convolutional network of ReLU in WebAssembly SIMD (assembly/cnn.ts): the bits of the graph in cnn.ts,
// several times as fast. Knows no noise and no engine.

import { wasmMemory, wasmModule } from "../wasm-module.js";
import { CNN_WASM } from "./cnn-wasm.js";
import { KERNEL, pooledLength } from "./kernel-size.js";
import type { PlainPrediction, WeightArray } from "./model.js";

interface CnnExports {
  convolve(x: number, w: number, to: number, places: number, columns: number, maps: number, outputs: number): void;
  pool(from: number, b: number, to: number, height: number, width: number, outputs: number): void;
  dense(x: number, w: number, b: number, to: number, inputs: number, outputs: number): void;
}

interface CnnShape {
  readonly image: { readonly height: number; readonly width: number };
  readonly hidden: readonly number[];
  readonly outputs: number;
}

/** Where the arrays of a convolution are: its pictures in their frame, its weights, what it makes of them. */
interface Stage {
  readonly height: number;
  readonly width: number;
  readonly maps: number;
  readonly outputs: number;
  readonly x: number;
  readonly w: number;
  readonly b: number;
}

const upTo = (count: number, multiple: number): number => Math.ceil(count / multiple) * multiple;

const framed = (height: number, width: number): number => (height + KERNEL - 1) * (width + KERNEL - 1);

/** Places that a convolution of four at a time makes, those at the right frame among them. */
const placesOf = ({ height, width }: Pick<Stage, "height" | "width">): number => upTo(height * (width + KERNEL - 1), 4);

const compiled = wasmModule(CNN_WASM);

/**
 * @returns Undefined where WebAssembly SIMD is missing or forbidden. What it returns gives [rows, outputs] for inputs
 *   [rows, height * width], and may be called again and again, with other weights too.
 */
export function cnnPrediction({ image, hidden, outputs }: CnnShape): PlainPrediction | undefined {
  const module = compiled();
  if (module === undefined) return undefined;
  let end = 1024;
  const floats = (count: number): number => {
    const at = end;
    end += 4 * upTo(count, 4);
    return at;
  };
  /** What is read in fours reads up to 5 places past the end. */
  const frame = (height: number, width: number, maps: number): number => floats((framed(height, width) + 8) * maps);
  let [height, width, maps] = [image.height, image.width, 1];
  const stages: Stage[] = hidden.map((count) => {
    const own = { height, width, maps, outputs: upTo(count, 8) };
    const x = frame(height, width, maps);
    const stage = { ...own, x, w: floats(KERNEL * KERNEL * maps * own.outputs), b: floats(own.outputs) };
    [height, width, maps] = [pooledLength(height), pooledLength(width), own.outputs];
    return stage;
  });
  const last = { height, width, maps, x: frame(height, width, maps) };
  const padded = upTo(outputs, 4);
  const inputs = framed(height, width) * maps;
  const head = { w: floats(inputs * padded), b: floats(padded), to: floats(padded) };
  const sums = floats(Math.max(...stages.map((stage) => placesOf(stage) * stage.outputs)));
  const pages = Math.ceil(end / 65536);
  const memory = wasmMemory(pages);
  if (memory === undefined) return undefined;
  // What a module exports has no type: these are the functions of assembly/cnn.ts.
  const wasm = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as CnnExports;
  const all = new Float32Array(memory.buffer);
  const firstHeight = image.height;
  const firstWidth = image.width;

  const place = (weights: readonly WeightArray[]): void => {
    stages.forEach((stage, i) => {
      const [w, b] = [weights[2 * i]!, weights[2 * i + 1]!];
      const from = w.shape[1]!;
      const real = i === 0 ? 1 : hidden[i - 1]!;
      for (let at = 0; at < KERNEL * KERNEL; at++) {
        for (let m = 0; m < real; m++) {
          const row = w.values.subarray((at * real + m) * from, (at * real + m + 1) * from);
          all.set(row, stage.w / 4 + (at * stage.maps + m) * stage.outputs);
        }
      }
      all.set(b.values, stage.b / 4);
    });
    const [w, b] = [weights.at(-2)!, weights.at(-1)!];
    const real = hidden.at(-1)!;
    for (let r = 0; r < last.height; r++) {
      for (let c = 0; c < last.width; c++) {
        for (let m = 0; m < real; m++) {
          const row = ((r * last.width + c) * real + m) * outputs;
          const to = ((r + 1) * (last.width + KERNEL - 1) + c + 1) * last.maps + m;
          all.set(w.values.subarray(row, row + outputs), head.w / 4 + to * padded);
        }
      }
    }
    all.set(b.values, head.b / 4);
  };

  return (weights, x, rows) => {
    place(weights);
    const out = new Float32Array(rows * outputs);
    for (let row = 0; row < rows; row++) {
      for (let r = 0; r < firstHeight; r++) {
        const line = (row * firstHeight + r) * firstWidth;
        const to = stages[0]!.x / 4 + (r + 1) * (firstWidth + KERNEL - 1) + 1;
        for (let c = 0; c < firstWidth; c++) all[to + c] = x[line + c]!;
      }
      stages.forEach((stage, i) => {
        const columns = stage.width + KERNEL - 1;
        wasm.convolve(stage.x, stage.w, sums, placesOf(stage), columns, stage.maps, stage.outputs);
        wasm.pool(sums, stage.b, (stages[i + 1] ?? last).x, stage.height, stage.width, stage.outputs);
      });
      wasm.dense(last.x, head.w, head.b, head.to, inputs, padded);
      out.set(all.subarray(head.to / 4, head.to / 4 + outputs), row * outputs);
    }
    return out;
  };
}
