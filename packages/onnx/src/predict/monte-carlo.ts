// Monte-Carlo prediction with a trained model: owns the rewritten model, its session and the masks.

import { type Key, key as makeKey, siteKey } from "hadamask";
import { DEFAULT_LEVELS } from "hadamask/uncertainty";
import { type Answer, type AnswerKind, type AskedAnswer, answerOf } from "../answers/answer.js";
import { answerFacts, answerOutput } from "../answers/facts.js";
import { HALF_SLACK } from "../answers/plain-run.js";
import { checkCount, checkKey, checkRate, describe } from "../check.js";
import { RANDOM_OPERATORS } from "../graph/random.js";
import { isOneOf, nodeName, viewGraph } from "../graph/view.js";
import { opsetOf, readModel, writeModel } from "../protobuf/codec.js";
import type { ModelProto } from "../protobuf/types.js";
import type { Site } from "../sites.js";
import { preparedModel } from "../with-dropout.js";
import { type Inputs, RowTable } from "./inputs.js";
import { askTypes, loaderFor } from "./loader.js";
import { MaskedSession } from "./masked-session.js";
import type { Masks, MonteCarloOptions, PassOptions, PredictOptions } from "./options.js";
import { checkOrt, type Ort } from "./ort.js";
import { type Pass, passesOf } from "./pass-by-pass.js";
import type { Prediction } from "./prediction.js";
import { checkNorms, checkReach, type NoiseOutput, noiseOf, rewritten, withExternalData } from "./prepare.js";
import type { RowOutput } from "./row-outputs.js";
import { planRows, type RowPlan } from "./rows.js";
import { capacityOf, deterministic, sampleRows } from "./sampling.js";
import type { Draw } from "./site-feed.js";
import { checkSamples, checkStopping } from "./stopping.js";

/** A prediction that was stopped by its signal. `cause` is the reason that the signal gives. */
export class PredictionStopped extends Error {
  override readonly name = "AbortError";
  /** Rows that were finished, and rows with at least two passes; the others have 0 samples and NaN. */
  readonly partial: Prediction;

  constructor(where: string, partial: Prediction, reason: unknown) {
    const done = partial.samples.reduce((count, samples) => count + (samples > 0 ? 1 : 0), 0);
    super(`${where}: stopped with ${done} of ${partial.rows} rows; they are in partial`, { cause: reason });
    this.partial = partial;
  }
}

/** What a {@link MonteCarlo} is made of. */
interface Parts {
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
   * The passes one by one, for statistics of one's own: all rows under the masks of pass 0, then of pass 1, and so on.
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
    const { model, output, asked, plan } = this.#parts;
    const said = plan.outputs.get(output);
    const rowAxis = plan.fixed === 1 ? undefined : typeof said === "number" ? said : 0;
    const facts = answerFacts(viewGraph(model), output, opsetOf(where, model), rowAxis);
    return answerOf(where, facts, { rows, dims, data, ...(isHalf ? { slack: HALF_SLACK } : {}) }, asked);
  }

  #note(note: string | undefined): void {
    if (note !== undefined) this.#notes.add(note);
  }

  /** Frees the runtime's sessions. */
  async dispose(): Promise<void> {
    await this.#parts.session.release();
  }
}

/** Which statistics there are of a kind. */
function statisticsOf(kind: AnswerKind): "classes" | "labels" | "positions" | "values" {
  if (kind === "values" || kind === "labels") return kind;
  return kind === "classes" || kind === "binary" ? "classes" : "positions";
}

const fixedMasks = (masks: Masks): number | undefined => (typeof masks === "object" ? masks.fixed : undefined);

function checkIds(where: string, given: ArrayLike<number> | undefined, rows: number, first: number): Float64Array {
  if (given === undefined) return Float64Array.from({ length: rows }, (_, row) => first + row);
  if (given.length !== rows)
    throw new RangeError(`${where}: sampleIds must have ${rows} entries, one a row, got ${given.length}`);
  const ids = Float64Array.from(given);
  const odd = ids.findIndex((id) => !(Number.isSafeInteger(id) && id >= 0));
  if (odd >= 0)
    throw new RangeError(`${where}: sampleIds[${odd}] must be a whole number in [0, 2^53), got ${ids[odd]}`);
  return ids;
}

/**
 * Prepares Monte-Carlo dropout on a trained model: puts dropout where it is asked for, loads the model into the
 * runtime, and finds out how large the masks have to be.
 *
 * @param bytes An ONNX file; also one that {@link withDropout} made.
 * @throws {TypeError | RangeError} If it is no ONNX model, its opset is not in 7 to 26, nothing fits the placement,
 *   no place reaches the output, or an option is out of range.
 * @throws {Error} If the runtime does not take the model.
 * @example
 * ```ts
 * import { key } from "hadamask";
 * import { monteCarlo } from "@hadamask/onnx";
 * async function unsure(ort: typeof import("onnxruntime-node"), bytes: Uint8Array, x: Float32Array) {
 *   const mc = await monteCarlo(bytes, { ort, rate: 0.1, after: ["Relu"], key: key(1) });
 *   const found = await mc.predict({ x }, { samples: 100 });
 *   return found.kind === "classes" ? found.mutualInformation : undefined;
 * }
 * ```
 * @see Gal, Ghahramani, "Dropout as a Bayesian approximation", ICML 2016.
 */
export async function monteCarlo(bytes: Uint8Array, options: MonteCarloOptions): Promise<MonteCarlo> {
  const where = "monteCarlo";
  const ort = checkOrt(where, options?.ort);
  const key = options.key ?? freshKey();
  checkKey(where, key);
  const masks = checkMasks(where, options.masks ?? "consistent");
  if (options.batch !== undefined) checkCount(where, "batch", options.batch, 1, 2 ** 31 - 1);
  const source = preparedModel(where, readModel(bytes), options.freeze ?? false);
  const load = loaderFor(where, ort, withExternalData(where, source, options));
  const output = answerOutput(where, source, "output", options.output);
  const noise = noiseOf(where, source, options);
  const outputs = noise === undefined ? [output] : [output, noise.name];
  checkNorms(where, source, outputs);
  const { model, sites } = await rewritten(where, source, options, (tensors) => askTypes(load, source, tensors));
  const warnings = checkReach(where, model, sites, outputs);
  const { constant = [], batchAxis, batch, memory = 2 ** 28 } = options;
  const plan = planRows(where, model, new Set(sites.map(({ input }) => input)), outputs, {
    constant,
    batchAxis,
    batch,
  });
  const view = viewGraph(model);
  const random = view.nodes.filter((node) => isOneOf(node, RANDOM_OPERATORS)).map(nodeName);
  const session = await MaskedSession.open(where, { ort, load, model, sites, outputs, plan, random, memory });
  const asked: AskedAnswer = noise === undefined ? askedOf(options) : { kind: "values" };
  return new MonteCarlo({
    model,
    sites,
    key,
    output,
    masks,
    asked,
    noise,
    warnings,
    ort,
    plan,
    settings: settingsOf(source, model),
    session,
    batch,
    memory,
  });
}

function askedOf({ kind, scale }: MonteCarloOptions): AskedAnswer {
  return { ...(kind === undefined ? {} : { kind }), ...(scale === undefined ? {} : { scale }) };
}

/** Inputs that only set a ratio or training mode: they are gone, and what is fed to them has no effect. */
function settingsOf(source: ModelProto, model: ModelProto): ReadonlySet<string> {
  const left = new Set((model.graph?.input ?? []).map(({ name }) => name));
  return new Set((source.graph?.input ?? []).flatMap(({ name = "" }) => (left.has(name) ? [] : [name])));
}

function checkMasks(where: string, masks: unknown): Masks {
  if (masks === "independent" || masks === "consistent") return masks;
  if (typeof masks === "object" && masks !== null && "fixed" in masks) {
    return { fixed: checkCount(where, "masks.fixed", masks.fixed, 2, 2 ** 31 - 1) };
  }
  throw new RangeError(
    `${where}: masks must be "independent", "consistent" or { fixed: a number }, got ${describe(masks)}`,
  );
}

function freshKey(): Key {
  const words = crypto.getRandomValues(new Uint32Array(2));
  return makeKey((BigInt(words[0]!) << 32n) | BigInt(words[1]!));
}
