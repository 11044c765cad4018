// Passes one by one, as they are, for statistics that others make.

import type { Answer } from "../answers/answer.js";
import { distributionsOf, toProbabilities } from "../answers/to-probabilities.js";
import type { Draw } from "./draw.js";
import type { RowTable } from "./inputs.js";
import type { MaskedSession } from "./masked-session.js";
import type { Placing } from "./probe.js";
import type { RowOutput } from "./row-outputs.js";
import { deterministic } from "./sampling.js";

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

export interface PassJob {
  readonly where: string;
  readonly session: MaskedSession;
  readonly table: RowTable;
  readonly draw: Draw;
  readonly placed: Placing;
  readonly capacity: number;
  readonly samples: number;
  readonly judge: (rows: number, output: RowOutput) => Answer;
  readonly signal: AbortSignal | undefined;
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

/** The outputs of all rows in one pass, run by run. */
async function onePass(
  { where, session, table, draw, placed, capacity }: PassJob,
  pass: number,
): Promise<Float64Array[]> {
  const all: Float64Array[] = [];
  for (let row = 0; row < table.rows; row += capacity) {
    const count = Math.min(capacity, table.rows - row);
    // A run of fixed size is filled up with its last row.
    const rows = Int32Array.from({ length: placed.fixed ?? count }, (_, i) => row + Math.min(i, count - 1));
    const outputs = await session.sample(where, table, placed, { rows, count: rows.length, firstPass: pass }, draw);
    outputs.forEach(({ data }, i) => {
      const columns = data.length / rows.length;
      all[i] ??= new Float64Array(table.rows * columns);
      all[i].set(data.subarray(0, count * columns), row * columns);
    });
  }
  return all;
}

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
