/**
 * What is wrong with a mask of any library, and which stream drew it.
 *
 * @module hadamask/doctor
 */
// Re-exports only.

export type { Correlation } from "./doctor/correlation.js";
export type { ArrayKind } from "./doctor/decisions.js";
export { type ExamineOptions, examineMask, type MaskReport } from "./doctor/examine.js";
export { type FoundStream, type IdentifyOptions, identifyStream, WHOLE_ONLY } from "./doctor/identify.js";
export type { Repeats } from "./doctor/repeats.js";
