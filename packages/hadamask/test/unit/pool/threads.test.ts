// What happens when a worker dies: with workers that are made to.

import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, test } from "vitest";
import { HEAP, instantiateShared } from "../../../src/kernels/simd-instance.js";
import { CONTROL, claimPiece, claimWord } from "../../../src/pool/control.js";
import { Threads } from "../../../src/pool/threads.js";
import { type StartWorker, startWorker } from "../../../src/pool/worker.js";

/** A worker that claims one piece of a job, and then is gone without having done it. */
const startDying: StartWorker = (data, events) => {
  const source = `const { workerData: { control, job, CONTROL, JOB } } = require("node:worker_threads");
    Atomics.wait(control, CONTROL.job, 0);
    for (;;) {
      const claim = Atomics.load(control, CONTROL.claim);
      if ((claim & 0xff) >= job[JOB.pieces]) continue;
      if (Atomics.compareExchange(control, CONTROL.claim, claim, claim + 1) === claim) process.exit();
    }`;
  const worker = new Worker(source, { eval: true, workerData: data });
  worker.on("exit", () => events.onGone(undefined));
  return { hold: () => undefined, terminate: () => void worker.terminate() };
};

const N = 1_000_000;

function threadsWith(start: StartWorker, others: number) {
  const shared = instantiateShared(16 * N, others);
  const threads = new Threads({ shared, start, stalledMs: 300 });
  const x = new Float32Array(shared.instance.buffer, shared.begin, N).fill(1);
  const out = new Float32Array(shared.instance.buffer, shared.begin + 4 * N, N);
  const call = {
    name: "dropout32" as const,
    perBlock: 64,
    key: [1, 2] as const,
    T: 2 ** 52,
    x: x.byteOffset,
    out: out.byteOffset,
    n: N,
    size: 4,
    offset: 0,
    a: 2,
    b: 0,
  };
  return { threads, call, out };
}

const bytesOf = (values: Float32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** About N when all is done: half of the elements are 2, the rest 0. */
const sum = (values: Float32Array): number => values.reduce((a, b) => a + b, 0);

describe("when a worker dies with a piece", () => {
  const open: Threads[] = [];
  afterEach(() => {
    for (const threads of open.splice(0)) threads.close();
  });

  test("a call that waits for it gives up with an error, and the pool goes on with one thread", async () => {
    const { threads, call, out } = threadsWith(startDying, 1);
    open.push(threads);
    // Dying takes the worker some time to start: calls until it has claimed its piece.
    const callUntilItFails = (): void => {
      for (let i = 0; i < 10_000; i++) threads.draw(call);
    };
    expect(callUntilItFails).toThrow(
      "Pool: a worker does not answer; the result is incomplete, and the pool is closed",
    );
    expect(threads.count).toBe(1);
    threads.draw(call);
    const whole = sum(out);
    expect(Math.abs(whole - N) / Math.sqrt(N)).toBeLessThan(6.2); // false alarm 1e-9
  });

  test("an asynchronous call is rejected, and later ones are done on this thread", async () => {
    const { threads, call, out } = threadsWith(startDying, 1);
    open.push(threads);
    await expect(threads.drawLater(call)).rejects.toThrow("Pool: a worker has died; the result is incomplete");
    expect(threads.count).toBe(1);
    await threads.drawLater(call);
    expect(Math.abs(sum(out) - N) / Math.sqrt(N)).toBeLessThan(6.2);
  });

  test("between calls, nothing is lost", async () => {
    const { threads, call, out } = threadsWith(startWorker, 2);
    open.push(threads);
    threads.draw(call);
    const whole = out.slice();
    out.fill(0);
    threads.close();
    threads.draw(call);
    expect(Buffer.compare(bytesOf(out), bytesOf(whole))).toBe(0);
  });

  test("a piece that fails is reported", async () => {
    const { threads, call } = threadsWith(startWorker, 1);
    open.push(threads);
    // Addresses outside of the memory: the module traps.
    const outside = { ...call, out: HEAP + 2 ** 31, x: HEAP + 2 ** 31 };
    await expect(threads.drawLater(outside)).rejects.toThrow("Pool: a worker failed; the result is incomplete");
  });

  test("a worker that cannot be started is not waited for", async () => {
    const { threads, call, out } = threadsWith((_data, events) => {
      queueMicrotask(() => events.onGone("no"));
      return { hold: () => undefined, terminate: () => undefined };
    }, 2);
    await Promise.resolve();
    expect(threads.count).toBe(1);
    await threads.drawLater(call);
    expect(sum(out)).toBeGreaterThan(0);
  });
});

describe("claimPiece", () => {
  test("hands out each piece once, and none of another job", () => {
    const control = new Int32Array(new SharedArrayBuffer(4 * CONTROL.length));
    for (const job of [1, 2, 2 ** 23 - 1, 2 ** 23, 2 ** 24 + 5, 2 ** 31 - 1]) {
      control[CONTROL.claim] = claimWord(job, 0);
      expect(claimPiece(control, job - 1, 3)).toBe(-1);
      expect(claimPiece(control, job + 1, 3)).toBe(-1);
      expect([1, 2, 3, 4].map(() => claimPiece(control, job, 3))).toEqual([0, 1, 2, -1]);
      control[CONTROL.claim] = claimWord(job, 0xff);
      expect(claimPiece(control, job, 254)).toBe(-1);
    }
  });
});
