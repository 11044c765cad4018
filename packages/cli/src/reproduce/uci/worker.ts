// The inside of a worker thread: runs the splits that it is sent.

import { parentPort } from "node:worker_threads";
import { type FromSplitWorker, runTask, type SplitTask } from "./workers.js";

const send = (message: FromSplitWorker): void => parentPort!.postMessage(message);

parentPort!.on("message", (task: SplitTask) => {
  let told = 0;
  const result = runTask(task, (share) => {
    if (share - told < 0.01) return;
    told = share;
    send({ kind: "share", share });
  });
  send({ kind: "result", result });
});
send({ kind: "ready" });
