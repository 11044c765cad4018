// The kernels, and the memories their arrays may lie in, as the conformance suite sees them: those of the CPU, and the
// programs of hadamask/webgpu in Node and in Chromium, where there is a device.

import { alloc, type FloatArray } from "hadamask";
import type { Kernel } from "../../src/kernels/kernel.js";
import { referenceKernel } from "../../src/kernels/reference.js";
import { scalarKernel } from "../../src/kernels/scalar.js";
import { simdKernel } from "../../src/kernels/simd.js";
import { Pool } from "../../src/pool/pool.js";
import { openChromium, SOFTWARE_GPU } from "../browser/chromium.js";
import { newDevice } from "../support/gpu.js";
import { nodeKernel, pageKernel } from "./gpu-kernel.js";

export type FloatType = "float32" | "float64";

/** Where an array of `n` elements is made. */
export type Make = (n: number, type: FloatType) => FloatArray;

/** A kernel that may take its time. */
export type TestKernel = {
  readonly [Name in keyof Kernel]: Kernel[Name] extends (...args: infer Args) => void
    ? (...args: Args) => void | Promise<void>
    : Kernel[Name];
};

export interface Subject {
  readonly name: string;
  readonly kernel: TestKernel;
  readonly makeInput: Make;
  readonly makeOutput: Make;
  readonly types: readonly FloatType[];
  /** Whether this is a GPU: products may lose subnormals there, and normal numbers are float32 arithmetic. */
  readonly isGpu: boolean;
}

const onHeap: Make = (n, type) => (type === "float32" ? new Float32Array(n) : new Float64Array(n));
export const inArena: Make = (n, type) => (type === "float32" ? alloc(n) : alloc(n, "float64"));

/** Shares calls from 2^17 elements on. Never closed: it does not keep the process running. */
const pool = new Pool(3, undefined);
const inPool: Make = (n, type) => (type === "float32" ? pool.alloc(n) : pool.alloc(n, "float64"));

const simd = simdKernel();
export const onCpu = { types: ["float32", "float64"], isGpu: false } as const;
export const heap = { ...onCpu, makeInput: onHeap, makeOutput: onHeap };

export const CPU_SUBJECTS: readonly Subject[] = [
  { name: "reference", kernel: referenceKernel, ...heap },
  { name: "scalar", kernel: scalarKernel, ...heap },
  { name: "simd, arrays on the heap", kernel: simd, ...heap },
  { name: "simd, arrays from alloc", kernel: simd, ...onCpu, makeInput: inArena, makeOutput: inArena },
  { name: "simd, arrays from a pool of three threads", kernel: simd, ...onCpu, makeInput: inPool, makeOutput: inPool },
  { name: "simd, from the heap to alloc", kernel: simd, ...onCpu, makeInput: onHeap, makeOutput: inArena },
  { name: "simd, from alloc to the heap", kernel: simd, ...onCpu, makeInput: inArena, makeOutput: onHeap },
];

const onGpu = { types: ["float32"], isGpu: true, makeInput: onHeap, makeOutput: onHeap } as const;

/** The programs of hadamask/webgpu on a device in Node; `close` fails if the device reported an error. */
export async function nodeSubject(): Promise<{ subject: Subject; close: () => void }> {
  const { device, errors } = await newDevice();
  return {
    subject: { name: "webgpu in Node", kernel: nodeKernel(device), ...onGpu },
    close() {
      device.destroy();
      if (errors.length > 0) throw new Error(errors[0]);
    },
  };
}

/** Those on a device in Chromium, as built; undefined where it has none. */
export async function chromiumSubject(): Promise<{ subject: Subject | undefined; close: () => Promise<void> }> {
  const browser = await openChromium(SOFTWARE_GPU);
  const page = await browser.newPage();
  const hasAdapter = await page.evaluate(
    "navigator.gpu?.requestAdapter().then((adapter) => adapter !== null) ?? false",
  );
  if (hasAdapter !== true) return { subject: undefined, close: () => browser.close() };
  return {
    subject: { name: "webgpu in Chromium", kernel: await pageKernel(page), ...onGpu },
    close: () => browser.close(),
  };
}
