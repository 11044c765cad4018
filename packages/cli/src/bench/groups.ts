// What is measured of the library: each group beside a copy of the same arrays, with the ratio that was asked for.

import { dropout, dropoutBackward, GaussianDropout, type Key, kernelName, key, SpatialDropout } from "hadamask";
import { createPool, type Pool } from "hadamask/pool";
import { type Arrays, checkDropout, checkMasked, checkScaled, makeArrays, type Place } from "./arrays.js";
import { openDropConnect } from "./drop-connect.js";
import { maskAloneCase, PASSING, passingCase, READY, readyMaskCase } from "./floors.js";
import type { Case, Group, Limit } from "./harness.js";

const KEY: Key = key(42);
const M = 1 << 20;

/** A group that makes its arrays when it is measured, and gives them back. */
export interface Plan {
  readonly name: string;
  /** Whether `--quick` measures it. */
  readonly isQuick: boolean;
  open(): { readonly group: Group; close(): void };
}

/** The copy that others are measured against. */
function copyCase({ x, y }: Arrays): Case {
  return { name: "copy (y.set(x))", elements: x.length, run: () => y.set(x), check: () => checkScaled(x, y, 1) };
}

/** What is aimed at: a multiple of the copy, or of another case of the group. Nothing where it is undefined. */
type Aim = number | Limit | undefined;

const aimed = (aim: Aim): Pick<Case, "target" | "limit"> => {
  if (aim === undefined) return {};
  return typeof aim === "number" ? { target: aim } : { limit: aim };
};

function dropoutCase(name: string, { x, y }: Arrays, rate: number, aim?: Aim): Case {
  return {
    name,
    elements: x.length,
    run: () => void dropout(x, { rate, key: KEY, out: y }),
    check: () => checkDropout(x, y, rate, KEY),
    ...aimed(aim),
  };
}

/** A group on arrays of `n` elements in `openPlace()`. */
function plan(
  name: string,
  isQuick: boolean,
  n: number,
  openPlace: () => Place,
  casesOf: (arrays: Arrays) => readonly Case[],
): Plan {
  return {
    name,
    isQuick,
    open() {
      const place = openPlace();
      const arrays = makeArrays(place, n);
      const close = (): void => {
        arrays.release();
        if (typeof place !== "string") place.close();
      };
      return { group: { name, cases: [copyCase(arrays), ...casesOf(arrays)] }, close };
    },
  };
}

interface Targets {
  readonly half: Aim;
  readonly any: Aim;
}

/** Rates of the tables: one bit an element, two, and the many of any other rate. */
function rateCases(arrays: Arrays, { half, any }: Targets): Case[] {
  return [
    dropoutCase("rate 1/2", arrays, 0.5, half),
    dropoutCase("rate 1/4", arrays, 0.25, any),
    dropoutCase("rate 0.1", arrays, 0.1, any),
  ];
}

/** The product alone, and the masks alone. */
const partCases = (arrays: Arrays): Case[] => [
  readyMaskCase(arrays, KEY),
  ...[0.5, 0.1].map((rate) => maskAloneCase(arrays, KEY, rate)),
];

function backwardCase({ x, y }: Arrays, aim: Aim): Case {
  return {
    name: "rate 1/2, backward",
    elements: x.length,
    run: () => void dropoutBackward(x, { rate: 0.5, key: KEY, out: y }),
    check: () => checkDropout(x, y, 0.5, KEY),
    ...aimed(aim),
  };
}

/** In place there is one array less to move; with scale 1, so that values stay what they are. */
function inPlaceCase({ x, y }: Arrays, rate: number): Case {
  const run = (): void => void dropout(y, { rate, key: KEY, out: y, scaling: "classic" });
  const check = (): void => {
    y.set(x);
    run();
    checkDropout(x, y, rate, KEY, 1);
  };
  return { name: `rate ${rate === 0.5 ? "1/2" : rate}, in place`, elements: y.length, run, check };
}

/** Loops that people write. */
function loopCases({ x, y }: Arrays): Case[] {
  const scale = (factor: number) => (): void => {
    for (let i = 0; i < x.length; i++) y[i] = x[i]! * factor;
  };
  const random = (): void => {
    for (let i = 0; i < x.length; i++) y[i] = Math.random() < 0.5 ? 0 : x[i]! * 2;
  };
  const checkRandom = (): void => {
    const kept = y.reduce((count, value, i) => count + (value === x[i]! * 2 ? 1 : 0), 0);
    // Six standard deviations.
    if (Math.abs(kept - x.length / 2) > 3 * Math.sqrt(x.length)) throw new Error(`${kept} of ${x.length} are kept`);
  };
  return [
    { name: "loop y[i] = c * x[i]", elements: x.length, run: scale(0.75), check: () => checkScaled(x, y, 0.75) },
    { name: "loop with Math.random()", elements: x.length, run: random, check: checkRandom },
  ];
}

/** Shared draws: which axes share, and the draw of an element. */
function sharedCases({ x, y }: Arrays, aim: Aim): Case[] {
  const [N, C, S] = [32, 128, x.length / 32 / 128];
  const placements = [
    { name: "channels first", shape: [N, C, S], sharedAxes: [2], of: (i: number) => Math.floor(i / S) },
    {
      name: "channels last",
      shape: [N, S, C],
      sharedAxes: [1],
      of: (i: number) => Math.floor(i / (S * C)) * C + (i % C),
    },
    { name: "rows", shape: [x.length / 1024, 1024], sharedAxes: [1], of: (i: number) => i >> 10 },
  ];
  return placements.flatMap(({ name, shape, sharedAxes, of }) =>
    [0.5, 0.1].map((rate): Case => {
      const layer = new SpatialDropout({ rate, key: KEY, sharedAxes, mode: "sample" });
      return {
        name: `${name}, rate ${rate === 0.5 ? "1/2" : rate}`,
        elements: x.length,
        run: () => void layer.forward(x, { shape, out: y, pass: 0 }),
        check: () => checkMasked(x, y, layer.mask!, 1 / (1 - rate), of),
        ...aimed(aim),
      };
    }),
  );
}

function gaussianCase({ x, y }: Arrays, aim: Aim): Case {
  const layer = new GaussianDropout({ rate: 0.5, key: KEY, mode: "sample" });
  const checked = (): void => {
    // The first elements against a call of their own, which takes another path (small arrays).
    const first = layer.forward(x.slice(0, 100), { pass: 0 });
    for (let i = 0; i < 100; i++) if (y[i] !== first[i]) throw new Error(`element ${i} is ${y[i]}, not ${first[i]}`);
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += y[i]! / x[i]!;
    // Mean 1, variance 1; six standard deviations.
    if (Math.abs(sum - x.length) > 6 * Math.sqrt(x.length)) throw new Error(`mean multiplier ${sum / x.length}`);
  };
  return {
    name: "Gaussian dropout",
    elements: x.length,
    run: () => void layer.forward(x, { out: y, pass: 0 }),
    check: checked,
    ...aimed(aim),
  };
}

/** Calls on 64 elements, with the loop that one would write in their place. */
function openSmall(): { group: Group; close: () => void } {
  const arrays = makeArrays("heap", 64);
  const { x, y } = arrays;
  const loop = (): void => {
    for (let i = 0; i < x.length; i++) y[i] = x[i]! * 0.75;
  };
  const base: Case = { name: "loop y[i] = c * x[i]", elements: 64, run: loop, check: () => checkScaled(x, y, 0.75) };
  const calls = [0.5, 0.1].map((rate) => ({
    ...dropoutCase(`rate ${rate === 0.5 ? "1/2" : rate}`, arrays, rate),
    targetAboveNs: kernelName() === "native" ? 300 : 700,
  }));
  return { group: { name: "a call on 64 elements", cases: [base, ...calls] }, close: arrays.release };
}

const twoThreads = (): Pool => createPool({ threads: 2 });

/**
 * What each path can do, and so what is aimed at. The native kernel is held to the copy. WebAssembly can't store past
 * the caches and can't read the heap: it is held to what remains when the drawing is taken away.
 */
const isNative = kernelName() === "native";
const half = { heap: isNative ? 0.9 : { of: PASSING, most: 1.3 }, alloc: { of: READY, most: 1.15 } };
const any = { heap: isNative ? 1.15 : { of: PASSING, most: 1.7 }, alloc: { of: READY, most: 1.6 } };

const heapPlans: readonly Plan[] = [
  plan(
    "16M elements, heap",
    true,
    16 * M,
    () => "heap",
    (arrays) => [
      ...rateCases(arrays, { half: half.heap, any: any.heap }),
      backwardCase(arrays, half.heap),
      passingCase(arrays),
      ...(isNative ? partCases(arrays) : []),
      ...loopCases(arrays),
    ],
  ),
  plan(
    "64k elements, heap",
    true,
    65_536,
    () => "heap",
    (arrays) => [...rateCases(arrays, isNative ? { half: 1.7, any: 3.5 } : { half: 5, any: 9 }), passingCase(arrays)],
  ),
  plan(
    "16M elements, shared draws, heap",
    false,
    16 * M,
    () => "heap",
    (arrays) => sharedCases(arrays, isNative ? 0.95 : undefined),
  ),
  plan(
    "16M elements, Gaussian, heap",
    true,
    16 * M,
    () => "heap",
    (arrays) => [gaussianCase(arrays, isNative ? 4 : undefined)],
  ),
];

/** For the native kernel these arrays are like any others. */
const allocPlans: readonly Plan[] = [
  plan(
    "16M elements, alloc",
    true,
    16 * M,
    () => "alloc",
    (arrays) => [
      ...rateCases(arrays, { half: half.alloc, any: any.alloc }),
      backwardCase(arrays, half.alloc),
      inPlaceCase(arrays, 0.5),
      inPlaceCase(arrays, 0.1),
      ...partCases(arrays),
    ],
  ),
  plan(
    "64k elements, alloc",
    true,
    65_536,
    () => "alloc",
    (arrays) => [...rateCases(arrays, { half: 3.5, any: 7.5 }), ...partCases(arrays)],
  ),
  plan(
    "16M elements, shared draws, alloc",
    false,
    16 * M,
    () => "alloc",
    (arrays) => [...sharedCases(arrays, half.alloc), readyMaskCase(arrays, KEY)],
  ),
  plan(
    "16M elements, Gaussian, alloc",
    true,
    16 * M,
    () => "alloc",
    (arrays) => [gaussianCase(arrays, 12)],
  ),
];

/** All groups. */
export const PLANS: readonly Plan[] = [
  ...heapPlans,
  ...(isNative ? [] : allocPlans),
  plan("16M elements, two threads", true, 16 * M, twoThreads, (arrays) => rateCases(arrays, { half: 1, any: 1.2 })),
  plan("16M elements, Gaussian, two threads", true, 16 * M, twoThreads, (arrays) => [
    gaussianCase(arrays, isNative ? 4 : 12),
  ]),
  {
    name: "dense 1024 x 1024, batch 128, forward and backward",
    isQuick: false,
    open: () => openDropConnect(KEY, isNative ? 1.3 : 1.7),
  },
  { name: "a call on 64 elements", isQuick: true, open: openSmall },
];
