// Training: one run as a pure function of data, settings, variant and seed. Needs an engine (jax-js), no file and no
// terminal, so that a command, a page and a worker on another machine share it.

export { buildModel } from "./models/build.js";
export type { Model } from "./models/model.js";
export { type TrainedRun, trainRun } from "./training/run.js";
export { type Split, splitRows } from "./training/split.js";
