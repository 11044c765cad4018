// What a worker of a pool does. Its text is what the worker runs: it is handed over as source (worker.ts), so that no
// bundler has to find a second file. Hence it uses nothing but its arguments and the language, and defines no
// function inside.

import type { PARAMETER } from "../kernels/native-addon.js";
import type { CONTROL, JOB } from "./control.js";

/** What a worker is started with. */
export interface WorkerData {
  readonly memory: object;
  readonly module: object;
  /** Where its scratch begins. */
  readonly base: number;
  /** The functions that draw. */
  readonly names: readonly string[];
  readonly control: Int32Array;
  readonly job: Float64Array;
  readonly CONTROL: typeof CONTROL;
  readonly JOB: typeof JOB;
  readonly PARAMETER: typeof PARAMETER;
  /** Where the addon of the native kernel is, if it does the work. */
  readonly native: string | undefined;
}

/** The part of the addon that is used here; see kernels/native-addon.ts. */
interface Addon {
  readonly parameters: Float64Array;
  draw(memory: Uint8Array): void;
}

type Draw = (x: number, out: number, n: number, hi: number, lo: number, within: number, a: number, b: number) => void;
type Prepare = (key0: number, key1: number, T: number) => void;

/**
 * Takes part in every job until the pool closes. `report` gets the number of a job whose last piece is done; `load`
 * loads an addon.
 */
export function work(data: WorkerData, report: (job: number) => void, load?: (file: string) => unknown): void {
  const { control, job, CONTROL, JOB, PARAMETER } = data;
  const addon = data.native === undefined ? undefined : (load!(data.native) as Addon);
  const bytes = new Uint8Array((data.memory as { readonly buffer: ArrayBufferLike }).buffer);
  const { Instance } = (globalThis as never as { WebAssembly: { Instance: new (m: object, i: object) => never } })
    .WebAssembly;
  const imports = { env: { memory: data.memory, base: data.base } };
  const { exports } = new Instance(data.module, imports) as { exports: Record<string, Draw> & { prepare: Prepare } };
  let number = 0;
  while (Atomics.load(control, CONTROL.closed) === 0) {
    Atomics.wait(control, CONTROL.job, number);
    number = Atomics.load(control, CONTROL.job);
    const draw = exports[data.names[job[JOB.name]!]!]!;
    exports.prepare(job[JOB.key0]!, job[JOB.key1]!, job[JOB.T]!);
    const pieces = job[JOB.pieces]!;
    for (;;) {
      // As claimPiece in control.ts.
      const claim = Atomics.load(control, CONTROL.claim);
      const piece = claim & 0xff;
      if (claim >> 8 !== (number << 8) >> 8 || piece >= pieces) break;
      if (Atomics.compareExchange(control, CONTROL.claim, claim, claim + 1) !== claim) continue;
      const j = piece * job[JOB.piece]!;
      const count = Math.min(job[JOB.piece]!, job[JOB.n]! - j);
      const start = j * job[JOB.size]!;
      const first = job[JOB.offset]! + j;
      const [x, out] = [job[JOB.x]! + start, job[JOB.out]! + start];
      const [a, b] = [job[JOB.a]!, job[JOB.b]!];
      try {
        if (addon === undefined) {
          // As drawPart in kernels/simd-instance.ts.
          const block = Math.floor(first / job[JOB.perBlock]!);
          const within = first % job[JOB.perBlock]!;
          draw(x, out, count, Math.floor(block / 2 ** 32), block % 2 ** 32, within, a, b);
        } else {
          // As drawNatively in kernels/native.ts.
          const p = addon.parameters;
          p[PARAMETER.key0] = job[JOB.key0]!;
          p[PARAMETER.key1] = job[JOB.key1]!;
          p[PARAMETER.T] = job[JOB.T]!;
          p[PARAMETER.offset] = first;
          p[PARAMETER.a] = a;
          p[PARAMETER.b] = b;
          p[PARAMETER.count] = count;
          p[PARAMETER.name] = job[JOB.name]!;
          p[PARAMETER.x] = x;
          p[PARAMETER.out] = out;
          p[PARAMETER.total] = job[JOB.n]!;
          addon.draw(bytes);
        }
      } catch {
        Atomics.store(control, CONTROL.failed, 1);
      }
      const isReported = Atomics.load(control, CONTROL.report) === 1;
      if (Atomics.add(control, CONTROL.done, 1) + 1 < pieces) continue;
      Atomics.notify(control, CONTROL.done);
      if (isReported) report(number);
    }
  }
}
