// What the options of `monteCarlo` mean for a model: its sites, its outputs, its files.

import { describe, list } from "../check.js";
import type { Placement } from "../places/placement.js";
import { opsetOf } from "../protobuf/codec.js";
import { externalLocations } from "../protobuf/external.js";
import type { ModelProto } from "../protobuf/types.js";
import { rewrite, type Site, sitesOf } from "../rewrite.js";
import { chooseIn } from "../with-dropout.js";
import type { NoiseOutput } from "./answers.js";
import type { MonteCarloOptions } from "./options.js";
import type { SessionOptions } from "./ort.js";

/** The model with its sites: those that it came with, or those that are asked for. */
export function rewritten(
  where: string,
  model: ModelProto,
  options: MonteCarloOptions,
): { model: ModelProto; sites: readonly Site[] } {
  const { placements, rate, after, before, weights, where: pattern, last, share } = options;
  const given = Object.entries({ rate, after, before, weights, where: pattern, last, share }).filter(
    ([, value]) => value !== undefined,
  );
  const sites = sitesOf(model);
  if (sites !== undefined) {
    if (given.length > 0 || placements !== undefined) {
      throw new TypeError(
        `${where}: the model has its dropout already, so ${list(given.map(([name]) => name)) || "placements"} must be left out`,
      );
    }
    opsetOf(where, model);
    return { model, sites };
  }
  if (placements !== undefined && given.length > 0) {
    throw new TypeError(`${where}: pass either placements or ${list(given.map(([name]) => name))}, not both`);
  }
  const { chosen, opset } = chooseIn(where, model, placements ?? (Object.fromEntries(given) as Placement));
  return rewrite(where, model, chosen, opset);
}

export function outputOf(where: string, model: ModelProto, option: string, name: string): string {
  const names = (model.graph?.output ?? []).map((output) => output.name ?? "");
  if (!names.includes(name))
    throw new RangeError(`${where}: ${option} must be an output of the model (${list(names)}), got ${describe(name)}`);
  return name;
}

export function noiseOf(where: string, model: ModelProto, options: MonteCarloOptions): NoiseOutput | undefined {
  const { variance, logVariance, kind } = options;
  if (variance !== undefined && logVariance !== undefined)
    throw new TypeError(`${where}: pass either variance or logVariance, not both`);
  const name = variance ?? logVariance;
  if (name === undefined) return undefined;
  if (kind !== undefined && kind !== "values")
    throw new TypeError(`${where}: a predicted variance goes with kind "values", got ${describe(kind)}`);
  const isLog = logVariance !== undefined;
  return { name: outputOf(where, model, isLog ? "logVariance" : "variance", name), isLog };
}

/** The session's options, with the files that the model's weights are in. */
export function withExternalData(
  where: string,
  model: ModelProto,
  { session = {}, externalData = {} }: MonteCarloOptions,
): SessionOptions {
  const needed = externalLocations(model);
  const missing = needed.filter((location) => externalData[location] === undefined);
  if (missing.length > 0) {
    throw new TypeError(
      `${where}: externalData is missing ${list(missing)}; pass { externalData: { ${JSON.stringify(missing[0])}: bytes } }`,
    );
  }
  if (needed.length === 0) return session;
  return { ...session, externalData: needed.map((path) => ({ path, data: externalData[path] })) };
}
