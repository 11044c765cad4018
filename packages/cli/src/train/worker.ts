// The inside of a worker thread: trains the runs it is sent, one after the other. jax-js computes on the thread that
// calls it, so runs on several threads are how several cores are used.

import { parentPort, workerData } from "node:worker_threads";
import { trainRun } from "@hadamask/experiments";
import { loadVariants } from "./own-variants.js";
import { everySoOften } from "./so-often.js";
import type { FromWorker, Order, WorkerData } from "./workers.js";

const { data, settings, variantFiles, checkpointMs } = workerData as WorkerData;
const send = (message: FromWorker): void => parentPort!.postMessage(message);
const variants = await loadVariants(variantFiles);

parentPort!.on("message", ({ task, from }: Order) => {
  const events = {
    onEpoch: (done: number, of: number) => send({ kind: "epoch", task, done, of }),
    onStep: everySoOften(checkpointMs, (checkpoint) => send({ kind: "checkpoint", task, checkpoint })),
    ...(from && { from }),
  };
  const run = trainRun(data, settings, task.variant, task.seed, events, { variants });
  send({ kind: "run", run });
});
send({ kind: "ready" });
