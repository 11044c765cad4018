// Monte-Carlo prediction with a trained model: owns the rewritten model, its session and the masks.

import { type Key, key as makeKey, siteKey } from "hadamask";
import { DEFAULT_LEVELS } from "hadamask/uncertainty";
import { checkCount, checkKey, checkRate, describe } from "../check.js";
import { viewGraph } from "../graph/view.js";
import { readModel, writeModel } from "../protobuf/codec.js";
import type { Site } from "../rewrite.js";
import { type AnswerKind, guessKind, type NoiseOutput } from "./answers.js";
import { type Inputs, RowTable } from "./inputs.js";
import { MaskedSession } from "./masked-session.js";
import type { MonteCarloOptions, PredictOptions } from "./options.js";
import { checkOrt, type Ort } from "./ort.js";
import type { Prediction } from "./prediction.js";
import { noiseOf, outputOf, rewritten, withExternalData } from "./prepare.js";
import { sampleRows } from "./sampling.js";
import { checkStopping } from "./stopping.js";

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

/** Made by {@link monteCarlo}. */
export class MonteCarlo {
  /** The places where dropout is, in graph order. */
  readonly sites: readonly Site[];
  readonly key: Key;
  /** The rewritten model, as a file: load it anywhere, feed the multipliers yourself. */
  readonly bytes: Uint8Array;
  /** What the answer is taken for: "probabilities" and "logits" of classes, or "values". */
  readonly kind: AnswerKind;
  readonly output: string;
  readonly masks: "independent" | "consistent";
  readonly #ort: Ort;
  readonly #session: MaskedSession;
  readonly #noise: NoiseOutput | undefined;
  readonly #batch: number | undefined;
  readonly #memory: number;

  /** @internal */
  constructor(parts: {
    readonly sites: readonly Site[];
    readonly key: Key;
    readonly bytes: Uint8Array;
    readonly kind: AnswerKind;
    readonly output: string;
    readonly masks: "independent" | "consistent";
    readonly ort: Ort;
    readonly session: MaskedSession;
    readonly noise: NoiseOutput | undefined;
    readonly batch: number | undefined;
    readonly memory: number;
  }) {
    this.sites = parts.sites;
    this.key = parts.key;
    this.bytes = parts.bytes;
    this.kind = parts.kind;
    this.output = parts.output;
    this.masks = parts.masks;
    this.#ort = parts.ort;
    this.#session = parts.session;
    this.#noise = parts.noise;
    this.#batch = parts.batch;
    this.#memory = parts.memory;
  }

  /**
   * Predicts rows many times over, each time with other masks, and says what the passes agree on.
   *
   * Shapes. The first axis of every input counts rows.
   * Randomness. Row with id i in pass s at site k is masked under `sampleKey(passKey(siteKey(key, k), s), i)`: its
   *   statistics depend on `key`, its id and its values, not on the batch it comes in, its place there, or how the
   *   work is cut into runs (up to the rounding of the runtime, whose sums may run in another order for another batch
   *   size).
   * Numerics. A dropped NaN or infinity has no part in the answer, but for models before opset 9 and places of 16-bit
   * floats.
   * Cost. `samples` passes of what comes after the first masks, and drawing a mask for each, or with independent
   *   masks for each row of each; the outputs of all passes are kept until a row is done.
   *
   * @throws {TypeError | RangeError} If the inputs do not fit the model, an option is out of range, or rows of a
   *   batch influence each other.
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
   *   for await (const part of mc.stream(batches, { samples: 50 })) console.log(part.sampleIds[0], part.mean);
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

  async #predict(where: string, inputs: Inputs, options: PredictOptions, firstId: number): Promise<Prediction> {
    const table = new RowTable(where, this.#ort, this.#session.specs, inputs);
    const sampleIds = checkIds(where, options.sampleIds, table.rows, firstId);
    const rate = options.rate === undefined ? undefined : checkRate(where, options.rate);
    const stopping = checkStopping(where, this.kind === "values" ? "values" : "classes", options);
    const { prediction, isStopped } = await sampleRows({
      where,
      session: this.#session,
      table,
      draw: { keys: this.sites.map(({ id }) => siteKey(this.key, id)), masks: this.masks, sampleIds, rate },
      stopping,
      kind: this.kind,
      noise: this.#noise,
      levels: options.levels ?? DEFAULT_LEVELS,
      sampleIds,
      batch: this.#batch,
      memory: this.#memory,
      signal: options.signal,
      onProgress: options.onProgress,
    });
    if (isStopped) throw new PredictionStopped(where, prediction, options.signal?.reason);
    return prediction;
  }

  /** Frees the runtime's session. */
  async dispose(): Promise<void> {
    await this.#session.release();
  }
}

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
 * @throws {TypeError | RangeError} If it is no ONNX model, its opset is not in 7 to 22, nothing fits the placement,
 *   or an option is out of range.
 * @throws {Error} If the runtime does not take the model.
 * @example
 * ```ts
 * import { key } from "hadamask";
 * import { monteCarlo } from "@hadamask/onnx";
 * async function unsure(ort: typeof import("onnxruntime-node"), bytes: Uint8Array, x: Float32Array) {
 *   const mc = await monteCarlo(bytes, { ort, rate: 0.1, after: ["Relu"], key: key(1) });
 *   const found = await mc.predict({ x }, { samples: 100 });
 *   return found.kind === "classes" ? found.mutualInformation : found.variance;
 * }
 * ```
 * @see Gal, Ghahramani, "Dropout as a Bayesian approximation", ICML 2016.
 */
export async function monteCarlo(bytes: Uint8Array, options: MonteCarloOptions): Promise<MonteCarlo> {
  const where = "monteCarlo";
  const ort = checkOrt(where, options?.ort);
  const key = options.key ?? freshKey();
  checkKey(where, key);
  const masks = options.masks ?? "consistent";
  if (masks !== "independent" && masks !== "consistent") {
    throw new RangeError(`${where}: masks must be "independent" or "consistent", got ${describe(masks)}`);
  }
  if (options.batch !== undefined) checkCount(where, "batch", options.batch, 1, 2 ** 31 - 1);
  const { model, sites } = rewritten(where, readModel(bytes), options);
  const output = outputOf(where, model, "output", options.output ?? model.graph!.output?.[0]?.name ?? "");
  const noise = noiseOf(where, model, options);
  const kind = noise === undefined ? (options.kind ?? guessKind(viewGraph(model), output)) : "values";
  const session = await MaskedSession.open(where, ort, model, {
    sites,
    outputs: noise === undefined ? [output] : [output, noise.name],
    constant: options.constant ?? [],
    session: withExternalData(where, model, options),
  });
  return new MonteCarlo({
    sites,
    key,
    bytes: writeModel(model),
    kind,
    output,
    masks,
    ort,
    session,
    noise,
    batch: options.batch,
    memory: options.memory ?? 2 ** 28,
  });
}

function freshKey(): Key {
  const words = crypto.getRandomValues(new Uint32Array(2));
  return makeKey((BigInt(words[0]!) << 32n) | BigInt(words[1]!));
}
