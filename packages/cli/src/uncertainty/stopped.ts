// A run that a signal ended (Ctrl-C and its kin): what is complete is kept, and said.

import type { Prediction } from "@hadamask/onnx";
import { type EndingSignal, InterruptedError } from "../signals.js";
import type { RowFile } from "./files.js";
import { pickRows } from "./some-rows.js";

/** How far a run had come. */
export interface StoppedRun {
  /** Rows that are in the file already. */
  readonly before: number;
  readonly rows: number;
  readonly samples: number | "auto";
  /** What the rows of the prediction that was stopped are called. */
  readonly ids: readonly string[] | undefined;
}

/**
 * Writes the rows with enough passes for statistics, and says which they are.
 *
 * @param signal Which signal ended it.
 * @param partial What was found of the rows that were being predicted; undefined if none were.
 */
export function keepFound(
  file: RowFile | undefined,
  signal: AbortSignal | undefined,
  partial: Prediction | undefined,
  { before, rows, samples, ids }: StoppedRun,
): InterruptedError {
  const begun = partial === undefined ? [] : [...partial.samples.keys()].filter((row) => partial.samples[row]! > 0);
  const isDone = (row: number): boolean => samples !== "auto" && partial!.samples[row] === samples;
  const done = before + begun.filter(isDone).length;
  const more = before + begun.length - done;
  const count = `${done} of ${rows} rows are done${more > 0 ? `, ${more} more have fewer passes` : ""}`;
  const stopped = (what: string): InterruptedError =>
    new InterruptedError(`uncertainty: stopped: ${count}; ${what}`, signal?.reason as EndingSignal);
  if (before + begun.length === 0) return stopped("nothing is written");
  if (file === undefined) return stopped("--out FILE would have kept them");
  if (begun.length > 0) {
    const names = ids && begun.map((row) => ids[row]!);
    file.add(pickRows(partial!, begun), rows, names);
  }
  file.finish();
  return stopped(`they are in ${file.path}`);
}
