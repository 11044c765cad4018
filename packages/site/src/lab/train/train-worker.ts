// Trains for a page, in a thread of its own. Between any two slices of work it hears what the page says.

import { checkRequest, type Dataset, settingsFor, type TrainRequest } from "@hadamask/experiments/settings";
import { digitsFrom, tableFrom } from "./load.js";
import type { FromWorker, ToWorker } from "./messages.js";
import { Session } from "./session.js";

/** How long it works without listening, and how often it shows what there is, in milliseconds. */
const SLICE_MS = 25;
const SHOWN_MS = 150;

const say = (message: FromWorker): void => postMessage(message);

let data: Promise<Dataset> | undefined;
let session: Session | undefined;
let isPlaying = false;
let steps = 0;
let isWorking = false;

async function load(file: File | undefined, label: string): Promise<Dataset> {
  if (file !== undefined) return tableFrom(file, label);
  const url = new URL("../../../../cli/data/optdigits.csv.gz", import.meta.url);
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname}: ${response.status}`);
  return digitsFrom(new Uint8Array(await response.arrayBuffer()));
}

async function start(request: TrainRequest): Promise<void> {
  const found = await data!;
  checkRequest(request);
  session = new Session(found, settingsFor(request, found));
  say({ kind: "view", view: session.view() });
}

async function work(): Promise<void> {
  if (isWorking || session === undefined) return;
  isWorking = true;
  let shown = 0;
  while (isPlaying || steps > 0) {
    const end = performance.now() + SLICE_MS;
    const reached = session.advance(() => performance.now() > end);
    if (reached !== "late") steps = Math.max(0, steps - 1);
    if (reached === "done") [isPlaying, steps] = [false, 0];
    if (performance.now() - shown > SHOWN_MS) {
      say({ kind: "view", view: session.view() });
      shown = performance.now();
    }
    await turn();
  }
  isWorking = false;
  say({ kind: "view", view: session.view() });
  say({ kind: "stopped" });
}

/** Lets messages in; a timer would wait for 4 ms each time. */
const { port1, port2 } = new MessageChannel();
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    port1.onmessage = () => resolve();
    port2.postMessage(0);
  });

async function act(message: ToWorker): Promise<void> {
  switch (message.kind) {
    case "load": {
      data = load(message.file, message.label);
      const { name, pool, featureCount, classes, image } = await data;
      return say({ kind: "data", data: { name, rows: pool.rows, features: featureCount, classes, image } });
    }
    case "start":
      return start(message.request);
    case "play":
      isPlaying = true;
      return work();
    case "pause":
      isPlaying = false;
      return;
    case "step":
      steps++;
      return work();
  }
}

/** One message after the other: training starts when the data are there. */
let before: Promise<void> = Promise.resolve();
addEventListener("message", ({ data: message }: MessageEvent<ToWorker>) => {
  const isPatient = message.kind === "load" || message.kind === "start";
  const acted = before.then(() => act(message));
  if (isPatient) before = acted;
  acted.catch((error: Error) => say({ kind: "error", message: error.message }));
});
