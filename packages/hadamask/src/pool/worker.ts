// Starts workers, in Node and in browsers. Knows nothing of what they do.

import { nodeModule } from "../kernels/node-module.js";
import { type WorkerData, work } from "./work.js";

/** A worker that runs. */
export interface WorkerHandle {
  /** Whether the process is to go on for the sake of this worker; not at first. Browsers do not ask. */
  hold(isHeld: boolean): void;
  terminate(): void;
}

export interface WorkerEvents {
  /** A job is done. */
  onReport(job: number): void;
  /** The worker is gone, or could not be started. */
  onGone(cause: unknown): void;
}

/** Starts a worker on `data`. */
export type StartWorker = (data: WorkerData, events: WorkerEvents) => WorkerHandle;

/** The parts of Node and of browsers that are used here. */
interface NodeWorker {
  on(event: "message" | "error" | "exit", listener: (value: never) => void): void;
  terminate(): Promise<number>;
  ref(): void;
  unref(): void;
}
interface NodeThreads {
  readonly Worker: new (
    source: string,
    options: { eval: true; workerData: unknown; name: string; execArgv: readonly string[] },
  ) => NodeWorker;
}
interface WebWorker {
  onmessage: ((event: { readonly data: number }) => void) | null;
  onerror: ((event: { readonly message?: string }) => void) | null;
  postMessage(data: unknown): void;
  terminate(): void;
}
interface Host {
  readonly Worker?: new (url: string, options: { name: string }) => WebWorker;
  readonly URL: { createObjectURL(blob: unknown): string; revokeObjectURL(url: string): void };
  readonly Blob: new (parts: string[], options: { type: string }) => unknown;
}

const host = globalThis as never as Host;
const NAME = "hadamask";

const POLICY =
  "the page's content security policy forbids workers from blob: URLs; add blob: to its worker-src, or work " +
  "without a pool";

export const startWorker: StartWorker = (data, events) => {
  const threads = nodeModule<NodeThreads>("worker_threads");
  return threads === undefined ? startWebWorker(data, events) : startNodeWorker(threads, data, events);
};

function startNodeWorker(threads: NodeThreads, data: WorkerData, events: WorkerEvents): WorkerHandle {
  const source = `const { workerData, parentPort } = require("node:worker_threads");
(${work})(workerData, (job) => parentPort.postMessage(job), require);`;
  // Without the flags of this process: --input-type=module, for one, would make the source a module, which has no
  // require.
  const worker = new threads.Worker(source, { eval: true, workerData: data, name: NAME, execArgv: [] });
  worker.on("message", (job) => events.onReport(job));
  worker.on("error", (cause) => events.onGone(cause));
  worker.on("exit", () => events.onGone(undefined));
  worker.unref();
  return {
    hold: (isHeld) => (isHeld ? worker.ref() : worker.unref()),
    terminate: () => void worker.terminate(),
  };
}

function startWebWorker(data: WorkerData, events: WorkerEvents): WorkerHandle {
  const { Worker, URL, Blob } = host;
  if (Worker === undefined) throw new Error("createPool: this environment has no workers");
  const source = `onmessage = (event) => { (${work})(event.data, (job) => postMessage(job)); close(); };`;
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(url, { name: NAME });
  URL.revokeObjectURL(url);
  worker.onmessage = (event) => events.onReport(event.data);
  // An error without words, before the worker has said anything, is a policy that forbids its source.
  worker.onerror = (event) => events.onGone(event.message ?? POLICY);
  worker.postMessage(data);
  return { hold: () => undefined, terminate: () => worker.terminate() };
}
