// From finished runs to numbers with intervals, and what they say in words. Loads no engine.

export type { Predictions } from "./metrics.js";
export { learnedRows } from "./statistics/learned.js";
export { type Context, summarise } from "./statistics/summary.js";
