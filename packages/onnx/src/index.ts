/**
 * Monte-Carlo dropout on ONNX models.
 *
 * @module @hadamask/onnx
 */
// Re-exports only.

export type { Answer, AnswerKind, AnswerScale, AskedAnswer } from "./answers/answer.js";
export { judgeAnswer } from "./answers/judge.js";
export type { PlainRun } from "./answers/plain-run.js";
export type { HiddenPart } from "./graph/bodies.js";
export { inspect } from "./inspect.js";
export type { InputInfo, Inspection, NormInfo, OutputInfo, TensorInfo } from "./inspection.js";
export { type ColumnNote, type ModelNotes, readNotes } from "./notes.js";
export type { PlaceGroup } from "./places/groups.js";
export { fits } from "./places/pattern.js";
export type { Placement, Share } from "./places/placement.js";
export type { Inputs, InputTensor } from "./predict/inputs.js";
export type { MonteCarlo } from "./predict/monte-carlo.js";
export { monteCarlo } from "./predict/open-monte-carlo.js";
export type { Masks, MonteCarloOptions, PassOptions, PredictOptions } from "./predict/options.js";
export type { Ort, SessionOptions, TensorData } from "./predict/ort.js";
export type { Pass } from "./predict/pass-by-pass.js";
export type {
  ClassPrediction,
  LabelPrediction,
  PositionPrediction,
  Prediction,
  RowPrediction,
  ValuePrediction,
} from "./predict/prediction.js";
export { PredictionStopped } from "./predict/prediction-stopped.js";
export type { BatchAxis, RowPlace } from "./predict/rows.js";
export type { Progress } from "./predict/sampling.js";
export type { Precision } from "./predict/stopping.js";
export { readModel, writeModel } from "./protobuf/codec.js";
export { type ExternalFile, externalFiles, externalLocations } from "./protobuf/external.js";
export type { ModelProto } from "./protobuf/types.js";
export { type Site, sitesOf } from "./sites.js";
export { type DropoutOptions, type DroppedModel, withDropout } from "./with-dropout.js";
