// The kernels, and the memories their arrays may lie in, as the conformance suite sees them.

import { alloc, type FloatArray } from "hadamask";
import { createPool } from "hadamask/pool";
import type { Kernel } from "../../src/kernels/kernel.js";
import { referenceKernel } from "../../src/kernels/reference.js";
import { scalarKernel } from "../../src/kernels/scalar.js";
import { simdKernel } from "../../src/kernels/simd.js";

export type FloatType = "float32" | "float64";

/** Where an array of `n` elements is made. */
export type Make = (n: number, type: FloatType) => FloatArray;

export interface Subject {
  readonly name: string;
  readonly kernel: Kernel;
  readonly makeInput: Make;
  readonly makeOutput: Make;
}

const onHeap: Make = (n, type) => (type === "float32" ? new Float32Array(n) : new Float64Array(n));
const inArena: Make = (n, type) => (type === "float32" ? alloc(n) : alloc(n, "float64"));

/** Shares calls from 2^17 elements on. Never closed: it does not keep the process running. */
const pool = createPool({ threads: 3 });
const inPool: Make = (n, type) => (type === "float32" ? pool.alloc(n) : pool.alloc(n, "float64"));

const simd = simdKernel();
const heap = { makeInput: onHeap, makeOutput: onHeap };

export const SUBJECTS: readonly Subject[] = [
  { name: "reference", kernel: referenceKernel, ...heap },
  { name: "scalar", kernel: scalarKernel, ...heap },
  { name: "simd, arrays on the heap", kernel: simd, ...heap },
  { name: "simd, arrays from alloc", kernel: simd, makeInput: inArena, makeOutput: inArena },
  { name: "simd, arrays from a pool of three threads", kernel: simd, makeInput: inPool, makeOutput: inPool },
  { name: "simd, from the heap to alloc", kernel: simd, makeInput: onHeap, makeOutput: inArena },
  { name: "simd, from alloc to the heap", kernel: simd, makeInput: inArena, makeOutput: onHeap },
];
