// Several trained models as one: their plain answers are what passes are to Monte-Carlo dropout, under the same
// statistics. Knows no masks.

import { DEFAULT_LEVELS } from "hadamask/uncertainty";
import type { Answer } from "../answers/answer.js";
import { buildPrediction } from "./build-prediction.js";
import { checkIds } from "./draw.js";
import type { Inputs } from "./inputs.js";
import { MonteCarlo } from "./monte-carlo.js";
import { openParts } from "./open-monte-carlo.js";
import type { MonteCarloOptions, PredictOptions } from "./options.js";
import type { Prediction } from "./prediction.js";
import { PredictionStopped } from "./prediction-stopped.js";
import { checkTargets, fillRow } from "./sampling.js";

/** What all members have in common; `externalData` in the order of the members. */
export interface EnsembleOptions
  extends Pick<
    MonteCarloOptions,
    | "ort"
    | "output"
    | "kind"
    | "scale"
    | "variance"
    | "logVariance"
    | "constant"
    | "batchAxis"
    | "freeze"
    | "session"
    | "batch"
    | "memory"
  > {
  readonly externalData?: readonly (MonteCarloOptions["externalData"] | undefined)[];
}

export type EnsemblePredictOptions = Pick<PredictOptions, "sampleIds" | "levels" | "targets" | "signal"> & {
  /** Told after each member how many are done. */
  readonly onProgress?: (done: number, of: number) => void;
};

/** Made by {@link ensemble}. */
export class Ensemble {
  readonly #members: readonly MonteCarlo[];

  /** @internal */
  constructor(members: readonly MonteCarlo[]) {
    this.#members = members;
  }

  /** How many models. */
  get size(): number {
    return this.#members.length;
  }

  /** Sentences about what will not do what one may expect. */
  get warnings(): readonly string[] {
    return [...new Set(this.#members.flatMap(({ warnings }) => warnings))];
  }

  /** What the answer is taken for, by the first member. */
  answer(inputs: Inputs): Promise<Answer> {
    return this.#members[0]!.answer(inputs);
  }

  /**
   * What the members agree on, and how much they differ: the statistics of a prediction with as many passes as there
   * are members. `deterministic` is the first member's own answer.
   *
   * @throws {TypeError | RangeError} If the inputs do not fit a member, or the members do not answer the same question.
   * @throws {PredictionStopped} If `signal` says so.
   */
  async predict(inputs: Inputs, options: EnsemblePredictOptions = {}): Promise<Prediction> {
    const where = "ensemble.predict";
    const { signal, levels = DEFAULT_LEVELS, onProgress } = options;
    const found: Awaited<ReturnType<MonteCarlo["plain"]>>[] = [];
    for (const member of this.#members) {
      if (signal?.aborted) break;
      found.push(await member.plain(where, inputs));
      checkSame(where, found[0]!.answer, found.at(-1)!.answer, found.length);
      onProgress?.(found.length, this.size);
    }
    const { answer, rows, outputs } = found[0] ?? (await this.#members[0]!.plain(where, inputs));
    const columns = outputs[0]!.length / rows;
    const { noise } = this.#members[0]!;
    const sampleIds = checkIds(where, options.sampleIds, rows, 0);
    checkTargets(where, answer, rows, options.targets);
    const builder = buildPrediction({ answer, columns, levels, noise, sampleIds, targets: options.targets });
    if (found.length < this.size) throw new PredictionStopped(where, builder.prediction, signal?.reason);
    builder.setDeterministic(0, outputs[0]!, outputs[1]);
    const outputsOf = (output: number): Float64Array[] => found.flatMap(({ outputs: all }) => all[output] ?? []);
    const counts = new Int32Array(rows).fill(this.size);
    const kept = { rows, answers: outputsOf(0), variances: outputsOf(1), counts };
    for (let row = 0; row < rows; row++) fillRow({ builder, columns }, 0, kept, row);
    return builder.prediction;
  }

  /** Frees the runtime's sessions. */
  async dispose(): Promise<void> {
    for (const member of this.#members) await member.dispose();
  }
}

function checkSame(where: string, first: Answer, other: Answer, number: number): void {
  const text = ({ kind, scale, dims }: Answer): string => `${kind} (${scale}) of shape [${dims.join(",")}]`;
  if (text(first) === text(other)) return;
  throw new RangeError(
    `${where}: all models must give answers like the first, ${text(first)}, got ${text(other)} from model ` +
      `${number}; say kind and scale`,
  );
}

/**
 * Puts trained models together, as "deep ensembles" do: networks of one architecture or several that were trained from
 * different seeds (or on different parts of the data) and take the same inputs.
 *
 * Randomness. None: the members are what differs.
 * Cost. One plain run of each member.
 *
 * @param models ONNX files, two or more.
 * @throws {TypeError | RangeError} As `monteCarlo`, the places of dropout excepted: there need not be any.
 * @example
 * ```ts
 * import { ensemble } from "@hadamask/onnx/ensemble";
 * async function unsure(ort: typeof import("onnxruntime-node"), files: Uint8Array[], x: Float32Array) {
 *   const members = await ensemble(files, { ort });
 *   const found = await members.predict({ x });
 *   return found.kind === "classes" ? found.mutualInformation : undefined;
 * }
 * ```
 * @see Lakshminarayanan, Pritzel and Blundell, "Simple and scalable predictive uncertainty estimation using deep
 *   ensembles", NeurIPS 2017.
 */
export async function ensemble(models: readonly Uint8Array[], options: EnsembleOptions): Promise<Ensemble> {
  const where = "ensemble";
  if (!(Array.isArray(models) && models.length >= 2)) {
    throw new RangeError(`${where}: models must be two ONNX files or more, got ${models?.length ?? typeof models}`);
  }
  const { externalData = [], ...common } = options;
  const members: MonteCarlo[] = [];
  try {
    for (const [i, bytes] of models.entries()) {
      const own = externalData[i];
      const parts = await openParts(where, bytes, { ...common, ...(own && { externalData: own }) }, false);
      members.push(new MonteCarlo(parts));
    }
  } catch (error) {
    for (const member of members) await member.dispose();
    throw error;
  }
  return new Ensemble(members);
}
