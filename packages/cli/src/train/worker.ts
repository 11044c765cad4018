// The inside of a training thread: trains the runs it is sent, one after the other. jax-js computes on the thread that
// calls it, so runs on several threads are how several cores are used.

import { parentPort, workerData } from "node:worker_threads";
import { type Checkpoint, type TrainedRun, trainRun } from "@hadamask/experiments";
import { loadVariants } from "./own-variants.js";
import { everySoOften } from "./so-often.js";
import type { FromThread, Order, ThreadData } from "./thread.js";

const { variantFiles, checkpointMs, keepsWeights = true } = workerData as ThreadData;
const send = (message: FromThread): void => parentPort!.postMessage(message);
const variants = await loadVariants(variantFiles);

/** Thrown out of a run that is to be left. */
class Stopped extends Error {}

function train({ data, settings, task, from, stop }: Order): TrainedRun {
  const save = (checkpoint: Checkpoint): void => send({ kind: "checkpoint", checkpoint });
  const soOften = everySoOften(checkpointMs, save);
  const events = {
    onEpoch: (done: number, of: number) => send({ kind: "epoch", done, of }),
    onStep: (checkpoint: () => Checkpoint) => {
      if (stop === undefined || Atomics.load(stop, 0) === 0) return soOften(checkpoint);
      save(checkpoint());
      throw new Stopped();
    },
    ...(from && { from }),
  };
  return trainRun(data, settings, task.variant, task.seed, events, { variants });
}

parentPort!.on("message", (order: Order) => {
  try {
    const run = train(order);
    send({ kind: "run", run: keepsWeights ? run : { ...run, weights: [] } });
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    send({ kind: "stopped" });
  }
});
