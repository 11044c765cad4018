// Decides how the rows are gone through: all at once, or piece by piece.

import { UsageError } from "@hadamask/experiments/settings";
import { arraysIn } from "../data/model-inputs.js";
import { loadReaders, openData } from "./data-source.js";
import { runWhole } from "./job.js";
import { type LoadedModel, loadModel } from "./model.js";
import type { Surroundings } from "./prepare.js";
import type { UncertaintyRequest, UncertaintyResult } from "./request.js";
import { runStreamed } from "./stream-job.js";

/** Files above this many bytes are read piece by piece, unless something was asked for that needs all rows. */
const LARGE = 2 ** 26;

/**
 * @throws {UsageError | DataError} If the request makes no sense, or a file cannot be used.
 * @throws {InterruptedError} If the signal ended it; what is complete is written then.
 */
export async function runUncertainty(
  request: UncertaintyRequest,
  surroundings: Surroundings,
): Promise<UncertaintyResult> {
  const needing = whatNeedsAll(request);
  if (request.stream && needing !== undefined) {
    throw new UsageError(`uncertainty: --stream does not go with ${needing}, which needs all rows at once`);
  }
  const model = loadModel(request.model);
  const jpeg = await loadReaders(request);
  const asked = withArrays(withNoise(request, model), model);
  const source = openData({ request: asked, model, jpeg }); // once: it may be a pipe
  try {
    const isStreamed = request.stream || (needing === undefined && source.bytes > LARGE);
    return await (isStreamed ? runStreamed : runWhole)(asked, model, source, { ...surroundings, jpeg });
  } finally {
    source.close();
  }
}

/** Where the data are an .npz, its arrays go to the inputs that have their names. */
function withArrays(request: UncertaintyRequest, { inspection }: LoadedModel): UncertaintyRequest {
  const names = arraysIn(request.data);
  if (names === undefined) return request;
  const given = [...(request.inputs ?? []), ...(request.constants ?? [])].map(({ name }) => name);
  const open = inspection.inputs
    .map(({ name }) => name)
    .filter((name) => names.includes(name) && !given.includes(name));
  const [main = request.mainInput, ...more] = open;
  if (main === undefined) return request;
  const inputs = [...(request.inputs ?? []), ...more.map((name) => ({ name, text: request.data }))];
  return { ...request, mainInput: main, ...(inputs.length > 0 ? { inputs } : {}) };
}

/** The noise that the model says it predicts, where nothing else was asked for. */
function withNoise(request: UncertaintyRequest, { notes }: LoadedModel): UncertaintyRequest {
  const { output, variance, logVariance, kind } = request;
  const noted = notes.target?.logVariance;
  const isOther = output !== undefined || variance !== undefined || logVariance !== undefined;
  return noted === undefined || isOther || (kind !== "auto" && kind !== "values")
    ? request
    : { ...request, logVariance: noted };
}

function whatNeedsAll({
  rate,
  report,
  strange,
  inputs,
  quantiles,
  conformal,
  compare,
  passes,
}: UncertaintyRequest): string | undefined {
  if (rate === "choose") return "--rate choose";
  if (report) return "--report";
  if (inputs !== undefined && inputs.length > 0) return "--input";
  if (conformal !== undefined) return "--conformal";
  if (compare !== undefined) return "--compare";
  if (passes !== undefined) return "--passes";
  if (quantiles !== undefined) return "--quantiles";
  return strange !== undefined && strange.length > 0 ? "--strange" : undefined;
}
