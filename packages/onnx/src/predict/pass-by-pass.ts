// Passes one by one, as they are, for statistics that others make.

import type { Answer } from "../answers/answer.js";
import { distributionsOf, toProbabilities } from "../answers/to-probabilities.js";
import { allRows, someRows } from "./all-rows.js";
import type { Placing } from "./probe.js";
import { deterministic, type SamplingJob } from "./sampling.js";

/** All rows under the masks of one pass. */
export interface Pass {
  readonly pass: number;
  readonly answer: Answer;
  /** What the model puts out: rows x the numbers of a row. */
  readonly output: Float64Array;
  /** What it predicts as variance, or its logarithm, as it puts it out; undefined where none was asked for. */
  readonly variance: Float64Array | undefined;
  /** Of classifiers: rows x positions x classes; undefined for values. */
  readonly probabilities: Float64Array | undefined;
}

export interface PassJob extends Pick<SamplingJob, "where" | "session" | "table" | "draw" | "judge" | "signal"> {
  readonly placed: Placing;
  readonly capacity: number;
  readonly samples: number;
}

export async function* passesOf(job: PassJob): AsyncGenerator<Pass, void, undefined> {
  const { table, placed, capacity, samples, signal } = job;
  const rows = Math.min(table.rows, capacity);
  const [plain] = await deterministic(job, placed, 0, rows);
  const answer = job.judge(rows, plain!);
  for (let pass = 0; pass < samples; pass++) {
    signal?.throwIfAborted();
    const [output, variance] = await onePass(job, pass);
    yield { pass, answer, output: output!, variance, probabilities: probabilitiesOf(answer, output!) };
  }
}

/** The outputs of all rows in one pass. */
const onePass = ({ where, session, table, draw, placed, capacity }: PassJob, pass: number): Promise<Float64Array[]> =>
  allRows(table.rows, capacity, (row, count) =>
    someRows(placed, row, count, (rows) =>
      session.sample(where, table, placed, { rows, count: rows.length, firstPass: pass }, draw),
    ),
  );

/** Every distribution by itself, one behind the other. */
function probabilitiesOf(answer: Answer, output: Float64Array): Float64Array | undefined {
  const distributions = distributionsOf(answer);
  if (distributions === undefined) return undefined;
  const { size, inner, classes } = distributions;
  const count = output.length / size;
  const all = new Float64Array(count * classes);
  for (let entry = 0; entry < count; entry++) {
    const own = all.subarray(entry * classes, (entry + 1) * classes);
    const first = Math.floor(entry / inner) * size * inner + (entry % inner);
    for (let k = 0; k < size; k++) own[k] = output[first + k * inner]!;
    toProbabilities(own, size, answer.scale);
  }
  return all;
}
