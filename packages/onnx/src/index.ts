// Monte-Carlo dropout on ONNX models: re-exports only.

export { type DenseLayer, exportMlp, type MlpDescription } from "./export-mlp.js";
export { type Inspection, inspect, type NormInfo, type OutputInfo, type TensorInfo } from "./inspect.js";
export { type ModelNotes, readNotes } from "./notes.js";
export type { Placement, Share } from "./places/placement.js";
export type { AnswerKind } from "./predict/answers.js";
export type { Inputs, InputTensor } from "./predict/inputs.js";
export { type MonteCarlo, monteCarlo, PredictionStopped } from "./predict/monte-carlo.js";
export type { MonteCarloOptions, PredictOptions } from "./predict/options.js";
export type { Ort, SessionOptions, TensorData } from "./predict/ort.js";
export type { ClassPrediction, Prediction, ValuePrediction } from "./predict/prediction.js";
export type { Progress } from "./predict/sampling.js";
export type { Precision } from "./predict/stopping.js";
export { readModel, writeModel } from "./protobuf/codec.js";
export { externalLocations } from "./protobuf/external.js";
export type { ModelProto } from "./protobuf/types.js";
export { type Site, sitesOf } from "./rewrite.js";
export { type DroppedModel, withDropout } from "./with-dropout.js";
