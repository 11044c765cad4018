// From a model file and options to a MonteCarlo that can predict.

import type { Key } from "hadamask";
import type { AskedAnswer } from "../answers/answer.js";
import { answerOutput, answerOutputs } from "../answers/facts.js";
import { checkCount, checkKey, describe } from "../check.js";
import { withJoinedOutput } from "../graph/join-outputs.js";
import { RANDOM_OPERATORS } from "../graph/random.js";
import { isOneOf, viewGraph } from "../graph/view.js";
import { readModel } from "../protobuf/codec.js";
import { nodeName } from "../protobuf/nodes.js";
import type { ModelProto } from "../protobuf/types.js";
import { preparedModel } from "../with-dropout.js";
import { askTypes, loaderFor } from "./loader.js";
import { MaskedSession } from "./masked-session.js";
import { MonteCarlo, type Parts } from "./monte-carlo.js";
import type { Masks, MonteCarloOptions } from "./options.js";
import { checkOrt } from "./ort.js";
import { checkNorms, checkReach, noiseOf, rewritten, withExternalData } from "./prepare.js";
import { planRows } from "./rows.js";

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
  return new MonteCarlo(await openParts("monteCarlo", bytes, options, true));
}

/** What a prediction is made of. `hasDropout` false: the model as it is, without a place that drops. */
export async function openParts(
  where: string,
  bytes: Uint8Array,
  options: MonteCarloOptions,
  hasDropout: boolean,
): Promise<Parts> {
  const ort = checkOrt(where, options?.ort);
  const key = options.key ?? freshKey();
  checkKey(where, key);
  const masks = checkMasks(where, options.masks ?? "consistent");
  if (options.batch !== undefined) checkCount(where, "batch", options.batch, 1, 2 ** 31 - 1);
  const { model: source, output } = withAnswer(
    where,
    preparedModel(where, readModel(bytes), options.freeze ?? false),
    options.output,
  );
  const load = loaderFor(where, ort, withExternalData(where, source, options));
  const noise = noiseOf(where, source, options);
  const outputs = noise === undefined ? [output] : [output, noise.name];
  checkNorms(where, source, outputs);
  const { model, sites } = hasDropout
    ? await rewritten(where, source, options, (tensors) => askTypes(load, source, tensors))
    : { model: source, sites: [] };
  const warnings = checkReach(where, model, sites, outputs);
  const { constant = [], batchAxis, batch, memory = 2 ** 28 } = options;
  const plan = planRows(where, model, new Set(sites.map(({ input }) => input)), outputs, {
    constant,
    batchAxis,
    batch,
  });
  const view = viewGraph(model);
  const random = view.nodes.filter((node) => isOneOf(node, RANDOM_OPERATORS)).map(nodeName);
  const session = await MaskedSession.open(where, {
    ort,
    load,
    model,
    sites,
    outputs,
    plan,
    random,
    memory,
    options: options.session ?? {},
  });
  const asked: AskedAnswer = noise === undefined ? askedOf(options) : { kind: "values" };
  return {
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
  };
}

/** The model with its answer as one output, and what that is called. */
function withAnswer(
  where: string,
  model: ModelProto,
  asked: string | readonly string[] | undefined,
): { readonly model: ModelProto; readonly output: string } {
  if (!Array.isArray(asked))
    return { model, output: answerOutput(where, model, "output", asked as string | undefined) };
  const names = answerOutputs(where, model, "output", asked);
  return names.length === 1 ? { model, output: names[0]! } : withJoinedOutput(model, names);
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
  const [first, second] = crypto.getRandomValues(new Uint32Array(2));
  return [first!, second!];
}
