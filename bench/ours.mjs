// The library's cases and the loops that people write, on the arrays of one comparison.

import { dropout, key } from "hadamask";
import { checkDropout, checkScaled, makeArrays } from "../packages/cli/dist/bench/arrays.js";
import { nativeKernel } from "../packages/hadamask/dist/kernels/native.js";
import { findNative } from "../packages/hadamask/dist/kernels/native-addon.js";
import { scalarKernel } from "../packages/hadamask/dist/kernels/scalar.js";
import { install } from "../packages/hadamask/dist/kernels/select.js";
import { simdKernel } from "../packages/hadamask/dist/kernels/simd.js";
import { threshold } from "../packages/hadamask/dist/random/threshold.js";
import { checkDropped } from "./peers/check.mjs";

const KEY = key(42);

export const COPY = "array copy";
export const OURS = {
  native: "hadamask, native",
  heap: "hadamask",
  alloc: "hadamask, alloc",
  scalar: "hadamask, scalar kernel",
};
export const LOOPS = { random: "loop with Math.random()", scale: "loop y[i] = c * x[i]" };

export const copyCase = ({ x, y }) => ({
  name: COPY,
  elements: x.length,
  run: () => y.set(x),
  check: () => checkScaled(x, y, 1),
});

const addon = findNative();
/** The kernels that take turns in this process; native is undefined where it is not built. */
export const KERNELS = { simd: simdKernel(), native: addon && nativeKernel(addon) };
let installed;

/** Makes `kernel` the one that the library uses. */
function use(kernel) {
  if (kernel === installed) return;
  install(() => kernel);
  installed = kernel;
}

/** `dropout` into an array that is there already, by one of KERNELS. */
export const dropoutCase = (name, { x, y }, rate, kernel = KERNELS.simd) => ({
  name,
  elements: x.length,
  run: () => {
    use(kernel);
    dropout(x, { rate, key: KEY, out: y });
  },
  check: () => checkDropout(x, y, rate, KEY),
});

function scalarCase({ x, y }, rate) {
  const [T, scale] = [threshold(1 - rate), Math.fround(1 / (1 - rate))];
  return {
    name: OURS.scalar,
    elements: x.length,
    run: () => scalarKernel.dropout(x, y, KEY, T, scale, 0),
    check: () => checkDropout(x, y, rate, KEY),
  };
}

function scaleLoop({ x, y }) {
  const run = () => {
    for (let i = 0; i < x.length; i++) y[i] = x[i] * 0.75;
  };
  return { name: LOOPS.scale, elements: x.length, run, check: () => checkScaled(x, y, 0.75) };
}

function randomLoop({ x, y }, rate) {
  const scale = 1 / (1 - rate);
  const run = () => {
    for (let i = 0; i < x.length; i++) y[i] = Math.random() < rate ? 0 : x[i] * scale;
  };
  return { name: LOOPS.random, elements: x.length, run, check: () => checkDropped(x, y, rate) };
}

/** Arrays on the heap and in WASM memory, and all cases on them; the copy of heap arrays first. */
export function openOurs(n, rate) {
  const heap = makeArrays("heap", n);
  const own = makeArrays("alloc", n);
  const cases = [
    copyCase(heap),
    ...(KERNELS.native === undefined ? [] : [dropoutCase(OURS.native, heap, rate, KERNELS.native)]),
    dropoutCase(OURS.heap, heap, rate),
    dropoutCase(OURS.alloc, own, rate),
    scalarCase(heap, rate),
    scaleLoop(heap),
    randomLoop(heap, rate),
  ];
  return { x: heap.x, cases, close: own.release };
}
