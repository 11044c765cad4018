// Decides how the rows are gone through: all at once, or piece by piece.

import { UsageError } from "@hadamask/experiments/settings";
import { openRows } from "../data/model-inputs.js";
import { runWhole, type Surroundings } from "./job.js";
import { loadModel } from "./model.js";
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
  const source = openRows(request.data, request.labels, request.table); // once: it may be a pipe
  try {
    const isStreamed = request.stream || (needing === undefined && source.bytes > LARGE);
    return await (isStreamed ? runStreamed : runWhole)(request, model, source, surroundings);
  } finally {
    source.close();
  }
}

function whatNeedsAll({ rate, report, strange }: UncertaintyRequest): string | undefined {
  if (rate === "choose") return "--rate choose";
  if (report) return "--report";
  return strange !== undefined && strange.length > 0 ? "--strange" : undefined;
}
