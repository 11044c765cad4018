/**
 * From finished runs to numbers with intervals, and what they say in words. Loads no engine.
 *
 * @module @hadamask/experiments/statistics
 */

export type { ClassPredictions, Predictions } from "./metrics.js";
export type { FirstLayer } from "./result.js";
export { bestOf, choose, fieldsOf } from "./statistics/choice.js";
export { learnedRows } from "./statistics/learned.js";
export { measureRuns } from "./statistics/measure-runs.js";
export { type Context, firstLayerOf, summarise } from "./statistics/summary.js";
export { targetSummary } from "./statistics/target-summary.js";
export type { ValuePredictions } from "./value-metrics.js";
