/**
 * From finished runs to numbers with intervals, and what they say in words. Loads no engine.
 *
 * @module @hadamask/experiments/statistics
 */

export type { Predictions } from "./metrics.js";
export type { FirstLayer } from "./result.js";
export { bestOf, choose, fieldsOf } from "./statistics/choice.js";
export { learnedRows } from "./statistics/learned.js";
export { measureRuns } from "./statistics/measures.js";
export { type Context, firstLayerOf, summarise } from "./statistics/summary.js";
