// The runners, as cases of the command's own timing harness. Every result is checked before it is timed.

import { dropout, type FloatArray, key } from "hadamask";
import { type Arrays, checkDropout, checkScaled, makeArrays } from "../../../../cli/src/bench/arrays.js";
import type { Case } from "../../../../cli/src/bench/harness.js";
// Another copy of the library, which has no kernel but the plain one: which kernel works is chosen once a copy.
import { dropout as plainDropout } from "../../../../hadamask/src/light.js";
import type { Runner } from "./runners.js";

export interface RaceOptions {
  readonly elements: number;
  readonly rate: number;
}

/** A case that carries who it is. */
export interface RunnerCase extends Case {
  readonly name: Runner;
}

const KEY = key(42);

export interface OpenRace {
  readonly cases: readonly RunnerCase[];
  close(): void;
}

/** The runners that need nothing but the library. */
export function openRace({ elements, rate }: RaceOptions): OpenRace {
  const heap = makeArrays("heap", elements);
  const own = makeArrays("alloc", elements);
  const scale = 1 / (1 - rate);
  const options = { rate, key: KEY } as const;
  const one = (name: Runner, run: () => void, check: () => void): RunnerCase => ({ name, elements, run, check });
  const { x, y } = heap;
  const checked =
    ({ x: from, y: to }: Arrays) =>
    () =>
      checkDropout(from, to, rate, KEY);
  return {
    cases: [
      one(
        "copy",
        () => y.set(x),
        () => checkScaled(x, y, 1),
      ),
      one(
        "loop",
        () => scaleLoop(x, y, Math.fround(scale)),
        () => checkScaled(x, y, Math.fround(scale)),
      ),
      one(
        "random",
        () => randomLoop(x, y, rate, Math.fround(scale)),
        () => checkShare(y, rate),
      ),
      one("scalar", () => void plainDropout(x, { ...options, out: y }), checked(heap)),
      one("ours", () => void dropout(x, { ...options, out: y }), checked(heap)),
      one("alloc", () => void dropout(own.x, { ...options, out: own.y }), checked(own)),
    ],
    close() {
      heap.release();
      own.release();
    },
  };
}

function scaleLoop(x: Float32Array, y: Float32Array, scale: number): void {
  for (let i = 0; i < x.length; i++) y[i] = scale * x[i]!;
}

function randomLoop(x: Float32Array, y: Float32Array, rate: number, scale: number): void {
  for (let i = 0; i < x.length; i++) y[i] = Math.random() < rate ? 0 : scale * x[i]!;
}

/** Six standard deviations: a share farther off comes once in 5e8 races. */
export function checkShare(y: FloatArray, rate: number): void {
  let dropped = 0;
  for (let i = 0; i < y.length; i++) dropped += Number(y[i] === 0);
  const slack = 6 * Math.sqrt(y.length * rate * (1 - rate));
  if (Math.abs(dropped - y.length * rate) > slack) throw new Error(`${dropped} of ${y.length} are dropped`);
}
