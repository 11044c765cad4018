// What the options of `monteCarlo` mean for a model: its sites, its outputs, its files.

import { answerOutput } from "../answers/facts.js";
import { describe, nameList, shown } from "../check.js";
import { trainingNorms } from "../graph/batch-norms.js";
import { reachOf } from "../graph/reach.js";
import { viewGraph } from "../graph/view.js";
import { label, type Placement } from "../places/placement.js";
import { opsetOf } from "../protobuf/codec.js";
import { externalLocations } from "../protobuf/external.js";
import { nodeName } from "../protobuf/nodes.js";
import type { ModelProto } from "../protobuf/types.js";
import { rewrite } from "../rewrite.js";
import { type Site, sitesOf } from "../sites.js";
import { chooseIn, flattenedModel } from "../with-dropout.js";
import type { MonteCarloOptions } from "./options.js";
import type { SessionOptions } from "./ort.js";

/** What the model predicts besides its answer: the noise it expects in the data. */
export interface NoiseOutput {
  readonly name: string;
  /** Whether the output is the variance, or its logarithm. */
  readonly isLog: boolean;
}

/** The model with its sites: those that it came with, or those that are asked for. `askTypes` is the runtime. */
export async function rewritten(
  where: string,
  model: ModelProto,
  options: MonteCarloOptions,
  askTypes: (tensors: readonly string[]) => Promise<ReadonlyMap<string, number>>,
): Promise<{ model: ModelProto; sites: readonly Site[] }> {
  const { placements, rate, after, before, weights, recipe, where: pattern, last, share } = options;
  const given = Object.entries({ rate, after, before, weights, recipe, where: pattern, last, share }).filter(
    ([, value]) => value !== undefined,
  );
  const sites = sitesOf(model);
  if (sites !== undefined) {
    if (given.length > 0 || placements !== undefined) {
      throw new TypeError(
        `${where}: the model has its dropout already, so ${nameList(given.map(([name]) => name)) || "placements"} ` +
          `must be left out`,
      );
    }
    opsetOf(where, model);
    return { model, sites };
  }
  if (placements !== undefined && given.length > 0) {
    throw new TypeError(`${where}: pass either placements or ${nameList(given.map(([name]) => name))}, not both`);
  }
  const asked = placements ?? (Object.fromEntries(given) as Placement);
  const flat = flattenedModel(where, model);
  const first = chooseIn(where, flat, asked);
  const open = first.chosen.filter(({ place }) => place.elementType === undefined).map(({ place }) => place.tensor);
  if (open.length === 0) return rewrite(where, flat, first.chosen, first.opset);
  const types = await askTypes(open);
  const { chosen, opset } = chooseIn(where, flat, asked, (tensor) => types.get(tensor));
  return rewrite(where, flat, chosen, opset);
}

/**
 * Holds the sites to the outputs that are asked for.
 *
 * @returns Sentences about sites that none of them depends on.
 * @throws {RangeError} If no site reaches any of them.
 */
export function checkReach(
  where: string,
  model: ModelProto,
  sites: readonly Site[],
  outputs: readonly string[],
): string[] {
  const view = viewGraph(flattenedModel(where, model).model);
  const all = reachOf(
    view,
    (model.graph?.output ?? []).map(({ name = "" }) => name),
  );
  const isLost = (site: Site): boolean => !all.outputs(site.input).some((name) => outputs.includes(name));
  const lost = sites.filter(isLost);
  if (lost.length === 0) return [];
  const reached = [...new Set(lost.flatMap(({ input }) => all.outputs(input)))];
  if (lost.length === sites.length) {
    throw new RangeError(
      `${where}: dropout must reach output ${nameList(outputs)}, got places that reach ` +
        `${nameList(reached) || "no output"}; ask for another output or other places`,
    );
  }
  return [
    `Output ${nameList(outputs)} does not depend on ${nameList(lost.map(label))}: dropout there changes nothing.`,
  ];
}

/** @throws {RangeError} If an asked output depends on batch normalisation that normalises by the batch it sees. */
export function checkNorms(where: string, model: ModelProto, outputs: readonly string[]): void {
  const view = viewGraph(model);
  const reach = reachOf(view, outputs);
  const training = trainingNorms(view, opsetOf(where, model)).filter(
    (node) => reach.outputs(node.output?.[0] ?? "").length > 0,
  );
  if (training.length === 0) return;
  throw new RangeError(
    `${where}: batch normalisation must be in inference mode, got training mode at ` +
      `${nameList(training.map(nodeName))}, where a row's answer depends on the other rows; pass { freeze: true } ` +
      `to use the stored statistics`,
  );
}

export function noiseOf(where: string, model: ModelProto, options: MonteCarloOptions): NoiseOutput | undefined {
  const { variance, logVariance, kind } = options;
  if (variance !== undefined && logVariance !== undefined)
    throw new TypeError(`${where}: pass either variance or logVariance, not both`);
  const name = variance ?? logVariance;
  if (name === undefined) return undefined;
  if (kind !== undefined && kind !== "values" && kind !== "auto")
    throw new TypeError(`${where}: a predicted variance goes with kind "values", got ${describe(kind)}`);
  const isLog = logVariance !== undefined;
  return { name: answerOutput(where, model, isLog ? "logVariance" : "variance", name), isLog };
}

/** The session's options, with the files that the model's weights are in. */
export function withExternalData(
  where: string,
  model: ModelProto,
  { session = {}, externalData = {} }: MonteCarloOptions,
): SessionOptions {
  const needed = externalLocations(model);
  const missing = needed.filter((location) => !Object.hasOwn(externalData, location));
  if (missing.length > 0) {
    throw new TypeError(
      `${where}: externalData is missing ${nameList(missing)}; pass { externalData: { ` +
        `${JSON.stringify(shown(missing[0]!))}: bytes } }`,
    );
  }
  if (needed.length === 0) return session;
  return { ...session, externalData: needed.map((path) => ({ path, data: externalData[path] })) };
}
