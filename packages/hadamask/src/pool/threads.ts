// Shares the calls that draw among threads: this one, if it may wait, and workers. Every piece is what one thread
// alone would do of it, so the result does not depend on how many there are and who does what.

import { drawNatively } from "../kernels/native.js";
import { type NativeAddon, PARAMETER } from "../kernels/native-addon.js";
import { DRAW_NAMES, type DrawCall, drawPart, PIECE, type SharedMemory } from "../kernels/simd-instance.js";
import { CONTROL, claimPiece, claimWord, JOB, MOST_PIECES } from "./control.js";
import type { StartWorker, WorkerHandle } from "./worker.js";

/** Below so many elements waking the others takes longer than they save. */
const PARALLEL = 4 * PIECE;

/** Pieces for each thread, so that one that is slow or late leaves its share to the rest. */
const PIECES_EACH = 8;

/** How long no piece may be finished before a worker is taken to have died with one. */
const STALLED_MS = 10_000;

export interface ThreadsOptions {
  readonly shared: SharedMemory;
  readonly start: StartWorker;
  /** Does the work, where there is one, in place of the WASM module. */
  readonly addon?: NativeAddon | undefined;
  readonly stalledMs?: number;
}

interface Waiting {
  readonly job: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export class Threads {
  readonly #shared: SharedMemory;
  readonly #addon: NativeAddon | undefined;
  readonly #bytes: Uint8Array;
  readonly #stalledMs: number;
  readonly #control = new Int32Array(new SharedArrayBuffer(4 * CONTROL.length));
  readonly #job = new Float64Array(new SharedArrayBuffer(8 * JOB.length));
  readonly #workers = new Set<WorkerHandle>();
  /** Whether this thread may sleep until the others are done. A page may not. */
  readonly canWait: boolean;
  /** The asynchronous job that runs. */
  #waiting: Waiting | undefined;
  /** Resolves when no asynchronous job runs or waits for its turn. */
  #idle: Promise<unknown> = Promise.resolve();

  constructor({ shared, start, addon, stalledMs = STALLED_MS }: ThreadsOptions) {
    this.#shared = shared;
    this.#addon = addon;
    this.#bytes = new Uint8Array(shared.instance.buffer);
    this.#stalledMs = stalledMs;
    this.canWait = mayWait(this.#control);
    const { memory, module } = shared;
    for (const base of shared.bases) {
      const agreed = { names: DRAW_NAMES, control: this.#control, job: this.#job, CONTROL, JOB, PARAMETER };
      const data = { memory, module, base, native: addon?.file, ...agreed };
      const worker = start(data, {
        onReport: (job) => this.#reported(job),
        onGone: (cause) => {
          this.#workers.delete(worker);
          // The others may still be at pieces of a job that will never be complete.
          if (this.#waiting !== undefined) this.#end("a worker has died", cause);
        },
      });
      this.#workers.add(worker);
    }
  }

  /** How many threads take part. */
  get count(): number {
    return this.#workers.size + (this.canWait ? 1 : 0);
  }

  /** Does a call and returns when it is done. */
  draw(call: DrawCall): void {
    const isShared = this.canWait && this.#workers.size > 0 && this.#waiting === undefined && call.n >= PARALLEL;
    if (!isShared) {
      this.#prepare(call);
      this.#drawPart(call, 0, call.n);
      return;
    }
    const { job, piece, pieces } = this.#open(call, false);
    this.#prepare(call);
    for (let p = claimPiece(this.#control, job, pieces); p >= 0; p = claimPiece(this.#control, job, pieces)) {
      this.#drawPart(call, p * piece, Math.min(piece, call.n - p * piece));
      Atomics.add(this.#control, CONTROL.done, 1);
    }
    this.#sleepUntilDone(pieces);
  }

  /** Does a call on the workers alone, after those that were asked for before. */
  drawLater(call: DrawCall): Promise<void> {
    const done = this.#idle.then(() => this.#drawOnWorkers(call));
    this.#idle = done.catch(() => undefined);
    return done;
  }

  #drawOnWorkers(call: DrawCall): Promise<void> | undefined {
    if (this.#workers.size === 0 || call.n < PARALLEL) {
      this.draw(call);
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const { job } = this.#open(call, true);
      this.#waiting = { job, resolve, reject };
      for (const worker of this.#workers) worker.hold(true);
    });
  }

  /** Ends the workers. Calls go on, on this thread alone. */
  close(): void {
    this.#end("the pool was closed", undefined);
  }

  #end(why: string, cause: unknown): void {
    Atomics.store(this.#control, CONTROL.closed, 1);
    Atomics.add(this.#control, CONTROL.job, 1);
    Atomics.notify(this.#control, CONTROL.job);
    const workers = [...this.#workers];
    this.#workers.clear();
    for (const worker of workers) worker.terminate();
    const waiting = this.#waiting;
    this.#waiting = undefined;
    const reason = typeof cause === "string" ? ` (${cause})` : "";
    waiting?.reject(new Error(`Pool: ${why}${reason}; the result is incomplete`, { cause }));
  }

  #prepare({ key, T }: DrawCall): void {
    if (this.#addon === undefined) this.#shared.instance.run.prepare(key[0], key[1], T);
  }

  #drawPart(call: DrawCall, j: number, count: number): void {
    if (this.#addon === undefined) drawPart(this.#shared.instance.run, call, j, count);
    else drawNatively(this.#addon, this.#bytes, call, j, count);
  }

  /** Describes a job and opens it to the threads; in this order, see control.ts. */
  #open(call: DrawCall, isReported: boolean): { job: number; piece: number; pieces: number } {
    const control = this.#control;
    const least = Math.max(call.n / (PIECES_EACH * this.count), call.n / MOST_PIECES);
    const piece = Math.ceil(least / PIECE) * PIECE;
    const pieces = Math.ceil(call.n / piece);
    const job = Atomics.load(control, CONTROL.job) + 1;
    Atomics.store(control, CONTROL.claim, claimWord(job, 0xff));
    this.#describe(call, piece, pieces);
    Atomics.store(control, CONTROL.done, 0);
    Atomics.store(control, CONTROL.failed, 0);
    Atomics.store(control, CONTROL.report, isReported ? 1 : 0);
    Atomics.store(control, CONTROL.claim, claimWord(job, 0));
    Atomics.store(control, CONTROL.job, job);
    Atomics.notify(control, CONTROL.job);
    return { job, piece, pieces };
  }

  /** In the order of JOB. */
  #describe(call: DrawCall, piece: number, pieces: number): void {
    const { name, key, T, x, out, n, size, offset, perBlock, a, b } = call;
    const numbers = [
      DRAW_NAMES.indexOf(name),
      key[0],
      key[1],
      T,
      x,
      out,
      n,
      size,
      offset,
      perBlock,
      a,
      b,
      piece,
      pieces,
    ];
    this.#job.set(numbers);
  }

  #sleepUntilDone(pieces: number): void {
    for (;;) {
      const done = Atomics.load(this.#control, CONTROL.done);
      if (done === pieces) break;
      if (Atomics.wait(this.#control, CONTROL.done, done, this.#stalledMs) !== "timed-out") continue;
      if (Atomics.load(this.#control, CONTROL.done) !== done) continue;
      this.close();
      throw new Error("Pool: a worker does not answer; the result is incomplete, and the pool is closed");
    }
    this.#checkSuccess();
  }

  #checkSuccess(): void {
    if (Atomics.load(this.#control, CONTROL.failed) !== 0)
      throw new Error("Pool: a worker failed; the result is incomplete");
  }

  #reported(job: number): void {
    const waiting = this.#waiting;
    if (waiting === undefined || waiting.job !== job) return;
    this.#waiting = undefined;
    for (const worker of this.#workers) worker.hold(false);
    try {
      this.#checkSuccess();
      waiting.resolve();
    } catch (error) {
      waiting.reject(error as Error);
    }
  }
}

/** Whether this thread may sleep: asked by sleeping for no time. */
function mayWait(control: Int32Array): boolean {
  try {
    Atomics.wait(control, CONTROL.done, 0, 0);
    return true;
  } catch {
    return false;
  }
}
