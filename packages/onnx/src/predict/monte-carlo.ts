// Monte-Carlo prediction with a trained model: owns the rewritten model, its session and the masks.

import { type Key, siteKey } from "hadamask";
import { DEFAULT_LEVELS } from "hadamask/uncertainty";
import { type Answer, type AnswerKind, type AskedAnswer, answerOf } from "../answers/answer.js";
import { type AnswerFacts, answerFacts } from "../answers/facts.js";
import { HALF_SLACK } from "../answers/plain-run.js";
import { checkRate } from "../check.js";
import { viewGraph } from "../graph/view.js";
import { opsetOf, writeModel } from "../protobuf/codec.js";
import type { ModelProto } from "../protobuf/types.js";
import type { Site } from "../sites.js";
import { allRows } from "./all-rows.js";
import { checkIds, type Draw } from "./draw.js";
import { type Inputs, RowTable } from "./inputs.js";
import type { MaskedSession } from "./masked-session.js";
import type { Masks, PassOptions, PredictOptions } from "./options.js";
import type { Ort } from "./ort.js";
import { type Pass, passesOf } from "./pass-by-pass.js";
import type { Prediction } from "./prediction.js";
import { PredictionStopped } from "./prediction-stopped.js";
import type { NoiseOutput } from "./prepare.js";
import type { RowOutput } from "./row-outputs.js";
import type { RowPlan } from "./rows.js";
import { capacityOf, deterministic, sampleRows } from "./sampling.js";
import { checkSamples, checkStopping } from "./stopping.js";

/** What a {@link MonteCarlo} is made of. */
export interface Parts {
  readonly model: ModelProto;
  readonly sites: readonly Site[];
  readonly key: Key;
  readonly output: string;
  readonly masks: Masks;
  readonly asked: AskedAnswer;
  readonly noise: NoiseOutput | undefined;
  readonly warnings: readonly string[];
  readonly ort: Ort;
  readonly plan: RowPlan;
  readonly settings: ReadonlySet<string>;
  readonly session: MaskedSession;
  readonly batch: number | undefined;
  readonly memory: number;
}

/** Made by {@link monteCarlo}. */
export class MonteCarlo {
  readonly #parts: Parts;
  readonly #notes = new Set<string>();
  #facts: AnswerFacts | undefined;

  /** @internal */
  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The places where dropout is, in graph order. */
  get sites(): readonly Site[] {
    return this.#parts.sites;
  }

  get key(): Key {
    return this.#parts.key;
  }

  /** The output that is the answer. */
  get output(): string {
    return this.#parts.output;
  }

  get masks(): Masks {
    return this.#parts.masks;
  }

  /** The rewritten model, as a file: load it anywhere, feed the multipliers yourself. */
  get bytes(): Uint8Array {
    return writeModel(this.#parts.model);
  }

  /** Sentences about what will not do what one may expect; some are there after the first prediction only. */
  get warnings(): readonly string[] {
    return [...this.#parts.warnings, ...this.#notes];
  }

  /** What the answer is taken for, and why: by the numbers of the first rows without dropout. */
  async answer(inputs: Inputs): Promise<Answer> {
    const where = "answer";
    const table = this.#table(where, inputs);
    const { session, batch } = this.#parts;
    const placed = await session.place(where, table);
    const rows = Math.min(table.rows, capacityOf({ batch }, placed));
    const job = { where, session, table, draw: this.#draw(where, table, {}, 0) };
    const [output] = await deterministic(job, placed, 0, rows);
    return this.#judge(where, rows, output!);
  }

  /**
   * Predicts rows many times over, each time with other masks, and says what the passes agree on.
   *
   * Shapes. Rows are on the axis that `batchAxis` says, by default the first, of every input.
   * Randomness. Row with id i in pass s at site k is masked under `sampleKey(passKey(siteKey(key, k), s), i)`: its
   *   statistics depend on `key`, its id and its values, not on the batch it comes in, its place there, or how the
   *   work is cut into runs (up to the rounding of the runtime, whose sums may run in another order for another batch
   *   size).
   * Numerics. A dropped NaN or infinity has no part in the answer, but for models before opset 9 and places of 16-bit
   * floats.
   * Cost. `samples` passes of what comes after the first masks, and drawing a mask for each, or with independent
   *   masks for each row of each; the outputs of all passes are kept until a row is done.
   *
   * @throws {TypeError | RangeError} If the inputs do not fit the model, an option is out of range, the answer is not
   *   what was asked for, rows of a batch influence each other, or the model draws random numbers itself.
   * @throws {PredictionStopped} If `signal` says so.
   */
  async predict(inputs: Inputs, options: PredictOptions = {}): Promise<Prediction> {
    return this.#predict("predict", inputs, options, 0);
  }

  /**
   * Predicts data that do not fit into memory, batch by batch; row numbers (the default ids) run on from batch to
   * batch.
   *
   * @example
   * ```ts
   * import type { Inputs, MonteCarlo } from "@hadamask/onnx";
   * async function report(mc: MonteCarlo, batches: AsyncIterable<Inputs>) {
   *   for await (const part of mc.stream(batches, { samples: 50 })) console.log(part.sampleIds[0], part.answer.kind);
   * }
   * ```
   */
  async *stream(
    batches: AsyncIterable<Inputs> | Iterable<Inputs>,
    options: Omit<PredictOptions, "sampleIds"> = {},
  ): AsyncGenerator<Prediction, void, undefined> {
    let first = 0;
    for await (const inputs of batches) {
      const prediction = await this.#predict("stream", inputs, options, first);
      first += prediction.rows;
      yield prediction;
    }
  }

  /**
   * The passes one by one, for your own statistics: all rows under the masks of pass 0, then of pass 1, and so on.
   * They are the passes that {@link predict} makes.
   *
   * @example
   * ```ts
   * import type { Inputs, MonteCarlo } from "@hadamask/onnx";
   * import { batchBald } from "hadamask/uncertainty";
   * async function choose(mc: MonteCarlo, inputs: Inputs, rows: number, classes: number) {
   *   const samples = 50;
   *   const all = new Float64Array(rows * samples * classes); // rows x passes x classes
   *   for await (const { pass, probabilities } of mc.passes(inputs, { samples })) {
   *     for (let row = 0; row < rows; row++) {
   *       all.set(probabilities!.subarray(row * classes, (row + 1) * classes), (row * samples + pass) * classes);
   *     }
   *   }
   *   return batchBald(all, { rows, classes, count: 5 });
   * }
   * ```
   */
  async *passes(inputs: Inputs, options: PassOptions = {}): AsyncGenerator<Pass, void, undefined> {
    const where = "passes";
    const table = this.#table(where, inputs);
    const { session, batch } = this.#parts;
    const fixed = fixedMasks(this.masks);
    const samples = checkSamples(where, options.samples ?? fixed ?? 100, fixed, 1);
    const placed = await session.place(where, table);
    this.#note(placed.note);
    const capacity = capacityOf({ batch }, placed);
    const draw = this.#draw(where, table, options, 0);
    const judge = (rows: number, output: RowOutput): Answer => this.#judge(where, rows, output);
    yield* passesOf({ where, session, table, draw, placed, capacity, samples, judge, signal: options.signal });
  }

  /**
   * What the model says of all rows by itself, without dropout.
   *
   * @internal
   */
  async plain(
    where: string,
    inputs: Inputs,
  ): Promise<{ readonly answer: Answer; readonly rows: number; readonly outputs: readonly Float64Array[] }> {
    const table = this.#table(where, inputs);
    const { session, batch } = this.#parts;
    const placed = await session.place(where, table);
    this.#note(placed.note);
    const job = { where, session, table, draw: this.#draw(where, table, {}, 0) };
    const answers: Answer[] = [];
    const outputs = await allRows(table.rows, capacityOf({ batch }, placed), async (row, count) => {
      const found = await deterministic(job, placed, row, count);
      answers.push(this.#judge(where, count, found[0]!));
      return found;
    });
    return { answer: answers[0]!, rows: table.rows, outputs };
  }

  /** What the model predicts as noise. @internal */
  get noise(): NoiseOutput | undefined {
    return this.#parts.noise;
  }

  async #predict(where: string, inputs: Inputs, options: PredictOptions, firstId: number): Promise<Prediction> {
    const { session, noise, batch, memory, masks } = this.#parts;
    const table = this.#table(where, inputs);
    const draw = this.#draw(where, table, options, firstId);
    this.#note((await session.place(where, table)).note);
    const { prediction, isStopped } = await sampleRows({
      where,
      session,
      table,
      draw,
      judge: (rows, output) => this.#judge(where, rows, output),
      stopping: ({ kind }) => checkStopping(where, statisticsOf(kind), options, fixedMasks(masks)),
      noise,
      levels: options.levels ?? DEFAULT_LEVELS,
      sampleIds: draw.sampleIds,
      targets: options.targets,
      batch,
      memory,
      signal: options.signal,
      onProgress: options.onProgress,
    });
    if (isStopped) throw new PredictionStopped(where, prediction, options.signal?.reason);
    return prediction;
  }

  #table(where: string, inputs: Inputs): RowTable {
    const { ort, plan, settings } = this.#parts;
    return new RowTable(where, ort, plan.specs, inputs, settings);
  }

  #draw(
    where: string,
    table: RowTable,
    options: Pick<PredictOptions, "sampleIds" | "rate">,
    firstId: number,
  ): Draw & { readonly sampleIds: Float64Array } {
    const { sites, key, masks } = this.#parts;
    return {
      keys: sites.map(({ id }) => siteKey(key, id)),
      masks: masks === "independent" ? "independent" : "consistent",
      sampleIds: checkIds(where, options.sampleIds, table.rows, firstId),
      rate: options.rate === undefined ? undefined : checkRate(where, options.rate),
    };
  }

  #judge(where: string, rows: number, { data, dims, isHalf }: RowOutput): Answer {
    this.#facts ??= factsOf(where, this.#parts);
    const slack = isHalf ? { slack: HALF_SLACK } : {};
    return answerOf(where, this.#facts, { rows, dims, data, ...slack }, this.#parts.asked);
  }

  #note(note: string | undefined): void {
    if (note !== undefined) this.#notes.add(note);
  }

  /** Frees the runtime's sessions. */
  async dispose(): Promise<void> {
    await this.#parts.session.release();
  }
}

/** What the graph says of the answer. */
function factsOf(where: string, { model, output, plan }: Parts): AnswerFacts {
  const said = plan.outputs.get(output);
  const rowAxis = plan.fixed === 1 ? undefined : typeof said === "number" ? said : 0;
  return answerFacts(viewGraph(model), output, opsetOf(where, model), rowAxis);
}

/** Which statistics there are of a kind. */
function statisticsOf(kind: AnswerKind): "classes" | "labels" | "positions" | "values" {
  if (kind === "values" || kind === "labels") return kind;
  return kind === "classes" || kind === "binary" ? "classes" : "positions";
}

const fixedMasks = (masks: Masks): number | undefined => (typeof masks === "object" ? masks.fixed : undefined);
