/**
 * Charts as ECharts options: pure functions from data. Who draws them (a page, a server) is not known here.
 *
 * @module @hadamask/experiments/charts
 */

export { byVariant, byVariantSize } from "./charts/by-variant.js";
export { firstLayer, firstLayerSize, weightLimit } from "./charts/first-layer.js";
export { TITLE_HEIGHT } from "./charts/frame.js";
export { GRADIENT_FLOW_SIZE, gradientFlow } from "./charts/gradient-flow.js";
export { type Histogram, histogram, histogramSize } from "./charts/histogram.js";
export {
  intervalCalibration,
  intervalCalibrationSize,
  transformHistogram,
  transformHistogramSize,
} from "./charts/interval-calibration.js";
export { type CurveName, learningCurves, learningCurvesSize } from "./charts/learning-curves.js";
export { type Curve, type Lines, lines, linesSize } from "./charts/lines.js";
export { type Parallel, type ParallelGroup, parallel, parallelSize } from "./charts/parallel.js";
export { type Picture, pixels, pixelsSize } from "./charts/pixels.js";
export { predicted, predictedRange, predictedSize } from "./charts/predicted.js";
export { reliability, reliabilitySize } from "./charts/reliability.js";
export type { Size } from "./charts/size.js";
export { type Swept, type SweptCurve, type SweptPoint, swept, sweptSize } from "./charts/swept.js";
export { dark, light, type Theme } from "./charts/theme.js";
