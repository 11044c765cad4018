// Dropout on arrays that lie in GPU memory: what callers see. Checks what it is given; the dispatches are planned
// elsewhere.

import { checkAbove, checkFinite, checkKeep, checkScaling, typeError } from "../check.js";
import { GaussianDropout, type GaussianStrength } from "../layers/gaussian-dropout.js";
import { UniformDropout, type UniformStrength } from "../layers/uniform-dropout.js";
import { alphaAffine } from "../noise/alpha.js";
import { threshold } from "../random/threshold.js";
import type {
  GpuAlphaDropoutBackwardCall,
  GpuAlphaDropoutCall,
  GpuDropoutBackwardCall,
  GpuDropoutCall,
  GpuGaussianDropoutCall,
  GpuKeepBytesCall,
  GpuMaskCall,
  GpuMultiplierCall,
  GpuNormalCall,
  GpuUniformCall,
  GpuUniformDropoutCall,
} from "./calls.js";
import {
  type AnyCall,
  checkArrayLength,
  checkArrays,
  checkDecisions,
  checkDraws,
  decisionDispatches,
  scaleOf,
} from "./checked.js";
import type { GpuDevice } from "./device.js";
import { createEngine, type Engine } from "./engine.js";
import { maskWordDispatches, maskWords } from "./mask-words.js";
import { constantDispatches, type Effect } from "./masked.js";
import { type Numbers, numberDispatches } from "./numbers.js";
import { checkRegion } from "./regions.js";

/**
 * Dropout on one device. All calls write commands; none waits, and none reads anything back.
 *
 * Arrays are `GPUBuffer`s with usage STORAGE, or `{ buffer, offset }` with an offset in bytes that is a multiple of 4.
 * `out` may be the input itself. `length` counts elements. With `encoder` the commands go there and nothing is
 * submitted; keep the buffers alive until you submit it.
 */
export interface GpuDropout {
  /**
   * {@link dropout} of a buffer: the mask is the one of the CPU, bit for bit, drawn on the way and stored nowhere.
   *
   *     y[i] = x[i] * scale   if element i is kept          scale = 1 / keep ("inverted") or 1 ("classic")
   *     y[i] = +0             if it is dropped
   *
   * Shapes, randomness. As `dropout`: `offset`, `shape` and `sharedAxes`, `sampleIds`, or `mask` instead of `key`.
   * Numerics. `scale` is rounded once to the element type, and so is the product. A dropped NaN or infinity becomes
   *   +0. Products equal those of the CPU but where x or x * scale is subnormal: a GPU may take those for 0.
   *   float16: products are rounded once, ties to even, subnormals included, on every device.
   * Cost. One dispatch that reads x and writes y; a row of draws a workgroup. With shared axes two, and 1 bit a draw
   *   in between. Arrays longer than the device can bind take a dispatch for each part.
   *
   * @throws {TypeError | RangeError | Error} If an argument is not valid, a buffer has the wrong usage or is too small,
   *   the device is lost, or this was disposed of.
   */
  dropout(call: GpuDropoutCall): void;
  /** The gradient with respect to x: the same map, applied to `dy`, with the same mask drawn again. */
  dropoutBackward(call: GpuDropoutBackwardCall): void;
  /**
   * What inverted dropout multiplies by, for engines that want it as an input: 1 / keep where kept, 0 where dropped.
   */
  multiplier(call: GpuMultiplierCall): void;
  /** The decisions themselves as `keepMask` packs them: ceil(length / 32) words, bits past the last element 0. */
  keepMask(call: GpuMaskCall): void;
  /**
   * The decisions as bytes, 1 where kept and 0 where dropped: what engines call booleans. Laid out as for `dropout`.
   */
  keepBytes(call: GpuKeepBytesCall): void;
  /**
   * Alpha dropout for networks of SELU units: gain * x + shift where kept, one value where dropped.
   *
   * Numerics. The decisions and the dropped value are those of the CPU to the bit. Where kept the CPU works in float64;
   *   here gain, shift, product and sum are rounded to float32: |error| <= 2^-23 (|gain x| + |shift|).
   */
  alphaDropout(call: GpuAlphaDropoutCall): void;
  /** Its gradient with respect to x: gain * dy where kept, +0 where dropped. */
  alphaDropoutBackward(call: GpuAlphaDropoutBackwardCall): void;
  /**
   * x times normal numbers of mean 1 and variance rate / keep, or `alpha`; the gradient is the same call on dy.
   *
   * Numerics. As {@link GpuDropout.normal}: |error of y| <= 2^-22 |x| (1 + sqrt(alpha) |z|). Rate 0 copies, rate 1
   *   gives +0 everywhere.
   */
  gaussianDropout(call: GpuGaussianDropoutCall): void;
  /** x times numbers spread evenly around 1: `UniformDropout`. |error of y| <= 2^-22 |x| (1 + beta). */
  uniformDropout(call: GpuUniformDropoutCall): void;
  /** Numbers spread evenly over (0, 1): those of `uniform`, rounded once to the element type; 1 then occurs. */
  uniform(call: GpuUniformCall): void;
  /**
   * Normal numbers: those of `normal`, in float32.
   *
   * Numerics. z is within 2 units in the last place of the float64 definition, with the same sign; then
   *   mean + deviation * z is formed in float32.
   */
  normal(call: GpuNormalCall): void;
  /** Frees what this holds on the device. Buffers of callers are theirs. */
  dispose(): void;
}

/**
 * Dropout for arrays in GPU memory, with the masks that the CPU draws for the same keys. Takes a `GPUDevice`: of a
 * browser, of an engine that runs on one, or of the npm package `webgpu` in Node.
 *
 * Cost. Programs are compiled when they are first needed, once each. Beside the arrays of its callers a device holds
 *   some kB, and 1 bit for each draw that is shared between elements.
 *
 * @throws {TypeError} If `device` is not a GPUDevice.
 * @example
 * ```ts
 * import { key, keepMask } from "hadamask";
 * import { gpuDropout } from "hadamask/webgpu";
 *
 * const adapter = await navigator.gpu.requestAdapter();
 * const device = await adapter!.requestDevice();
 * const gpu = gpuDropout(device);
 * const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC;
 * const out = device.createBuffer({ size: 4, usage });
 * gpu.keepMask({ out, length: 8, rate: 0.5, key: key(0) });
 *
 * const read = device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
 * const encoder = device.createCommandEncoder();
 * encoder.copyBufferToBuffer(out, 0, read, 0, 4);
 * device.queue.submit([encoder.finish()]);
 * await read.mapAsync(GPUMapMode.READ);
 * const [word] = new Uint32Array(read.getMappedRange());
 * console.log(word === keepMask(8, { rate: 0.5, key: key(0) })[0]); // true
 * ```
 */
export function gpuDropout(device: GpuDevice): GpuDropout {
  if (typeof device?.createComputePipeline !== "function") {
    throw typeError("gpuDropout", "device", "a GPUDevice", device, "ask an adapter for one with requestDevice()");
  }
  return onEngine(createEngine(device));
}

/** What a call says of how strong the noise is: for the layer that checks it. */
function strengthOf(call: AnyCall, width: "alpha" | "beta"): object {
  const given = Object.entries(call).filter(([name]) => ["rate", "keep", width].includes(name));
  return { key: call.key, ...Object.fromEntries(given) };
}

function onEngine(engine: Engine): GpuDropout {
  function decide(
    where: string,
    call: AnyCall,
    input: "x" | "dy" | undefined,
    effectOf: (keep: number) => Effect,
  ): void {
    const arrays = checkArrays(where, call, input);
    const decisions = checkDecisions(where, call, arrays.n);
    const effect = effectOf(decisions.keep);
    engine.run(where, decisionDispatches(engine, where, arrays, effect, decisions), call.encoder);
  }

  const scaled =
    (where: string, call: AnyCall) =>
    (keep: number): Effect => {
      const factor = scaleOf(where, call, keep, checkScaling(where, call.scaling ?? "inverted"));
      return factor === 1 ? { change: "keep" } : { change: "scale", factor };
    };

  function numbers(where: string, call: AnyCall, input: "x" | undefined, given: Omit<Numbers, "key" | "offset">): void {
    const arrays = checkArrays(where, call, input);
    const { key, offset } = checkDraws(where, call, arrays.n);
    const { addend, factor } = given;
    // Nothing is drawn where every multiplier is the same: 0 (rate 1) gives +0, and 1 (rate 0) a copy.
    const dispatches =
      input !== undefined && factor === 0
        ? constantDispatches(engine, where, arrays, { change: "keep" }, addend === 1)
        : numberDispatches(engine, where, arrays, { ...given, key, offset });
    engine.run(where, dispatches, call.encoder);
  }

  return {
    dropout(call) {
      const where = "GpuDropout.dropout";
      decide(where, call, "x", scaled(where, call));
    },
    dropoutBackward(call) {
      const where = "GpuDropout.dropoutBackward";
      decide(where, call, "dy", scaled(where, call));
    },
    multiplier(call) {
      const where = "GpuDropout.multiplier";
      const effectOf = scaled(where, call);
      decide(where, call, undefined, (keep) => ({ change: "fill", factor: effectOf(keep).factor ?? 1 }));
    },
    keepMask(call) {
      const where = "GpuDropout.keepMask";
      const n = checkArrayLength(where, call.length);
      const out = checkRegion(where, "out", call.out, 4 * maskWords(n));
      const keep = checkKeep(where, call);
      const { key, offset } = checkDraws(where, call, n);
      engine.run(where, maskWordDispatches(engine, out, n, { key, offset, T: threshold(keep) }), call.encoder);
    },
    keepBytes(call) {
      const where = "GpuDropout.keepBytes";
      const arrays = checkArrays(where, call, undefined, "uint8");
      const decisions = checkDecisions(where, call, arrays.n);
      engine.run(where, decisionDispatches(engine, where, arrays, { change: "fill" }, decisions), call.encoder);
    },
    alphaDropout(call) {
      decide("GpuDropout.alphaDropout", call, "x", (keep) => {
        const { gain, shift, dropped } = alphaAffine(keep);
        return keep === 1 ? { change: "keep" } : { change: "affine", factor: gain, addend: shift, dropped };
      });
    },
    alphaDropoutBackward(call) {
      decide("GpuDropout.alphaDropoutBackward", call, "dy", (keep) => {
        return keep === 1 ? { change: "keep" } : { change: "scale", factor: alphaAffine(keep).gain };
      });
    },
    gaussianDropout(call) {
      const { keep, alpha } = new GaussianDropout(strengthOf(call, "alpha") as GaussianStrength);
      const strength = keep === 0 ? { addend: 0, factor: 0 } : { addend: 1, factor: Math.sqrt(alpha) };
      numbers("GpuDropout.gaussianDropout", call, "x", { distribution: "normal", ...strength });
    },
    uniformDropout(call) {
      const { keep, beta } = new UniformDropout(strengthOf(call, "beta") as UniformStrength);
      const strength = keep === 0 ? { addend: 0, factor: 0 } : { addend: 1, factor: beta };
      numbers("GpuDropout.uniformDropout", call, "x", { distribution: "spread", ...strength });
    },
    uniform(call) {
      numbers("GpuDropout.uniform", call, undefined, { distribution: "uniform", addend: 0, factor: 1 });
    },
    normal(call) {
      const where = "GpuDropout.normal";
      const addend = checkFinite(where, "mean", call.mean ?? 0);
      const factor = checkAbove(where, "deviation", call.deviation ?? 1, 0, true);
      numbers(where, call, undefined, { distribution: "normal", addend, factor });
    },
    dispose: () => engine.dispose(),
  };
}
