// Monte-Carlo dropout on ONNX models: re-exports only.

export type { Placement, Share } from "./places/placement.js";
export { readModel, writeModel } from "./protobuf/codec.js";
export type { ModelProto } from "./protobuf/types.js";
export { type Site, sitesOf } from "./rewrite.js";
export { type DroppedModel, withDropout } from "./with-dropout.js";
