/**
 * Published tables measured again: the computation, without files. Loads no engine.
 *
 * @module @hadamask/experiments/reproduce
 */

export {
  type Compared,
  meanOf,
  type PublishedSet,
  type SetRow,
  type SplitMean,
  setRow,
} from "./reproduce/agreement.js";
export type { Scores, Triple } from "./reproduce/passes.js";
export {
  type GridPoint,
  type ProtocolSettings,
  type RegressionTable,
  runSplit,
  type SplitResult,
  weightDecay,
} from "./reproduce/protocol.js";
export { REGRESSION_SETS, type RegressionSet, type SetName } from "./reproduce/sets.js";
export { publishedSplits, type RowSplit } from "./reproduce/splits.js";
