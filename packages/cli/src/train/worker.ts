// The inside of a worker thread: trains the runs it is sent, one after the other. jax-js computes on the thread that
// calls it, so runs on several threads are how several cores are used.

import { parentPort, workerData } from "node:worker_threads";
import { trainRun } from "@hadamask/experiments";
import type { FromWorker, RunTask, WorkerData } from "./workers.js";

const { data, settings } = workerData as WorkerData;
const send = (message: FromWorker): void => parentPort!.postMessage(message);

parentPort!.on("message", (task: RunTask) => {
  const run = trainRun(data, settings, task.variant, task.seed, {
    onEpoch: (done, of) => send({ kind: "epoch", task, done, of }),
  });
  send({ kind: "run", run });
});
send({ kind: "ready" });
