// From a request to a model with dropout in it, ready to predict.

import { isRefusal, listed, UsageError } from "@hadamask/experiments/settings";
import { type MonteCarlo, type MonteCarloOptions, monteCarlo, type Ort, type Placement } from "@hadamask/onnx";
import type { Key } from "hadamask";
import type { LoadedModel } from "./model.js";
import type { Setting, UncertaintyRequest } from "./request.js";
import { NO_DROPOUT } from "./rivals.js";
import { adviceCommand, readWhere, termOf } from "./where.js";
import { inCommandWords } from "./wording.js";

/** A way to put dropout into a model. */
export interface Candidate extends Setting {
  /** undefined for a model that has its dropout as inputs already. */
  readonly placement: Omit<Placement, "rate"> | undefined;
}

/** Rates that --rate choose tries. */
const RATES: readonly number[] = [0.02, 0.05, 0.1, 0.2, 0.3, 0.5];

/** The places that are meant: those that were asked for, or the Dropout nodes. */
export function placesOf(
  { path, inspection }: LoadedModel,
  { where, others }: UncertaintyRequest,
): Omit<Candidate, "rate"> {
  if (where === NO_DROPOUT && others === undefined)
    throw new UsageError("uncertainty: --where none goes with several models, which are compared by themselves");
  if (where === NO_DROPOUT) return { where, placement: undefined };
  if (inspection.sites.length > 0) {
    if (where !== undefined)
      throw new UsageError(`uncertainty: --where must be left out: ${path} has its dropout as inputs already`);
    return { where: "inputs of the model", placement: undefined };
  }
  if (where !== undefined) return { where, placement: readWhere(where) };
  if (inspection.dropout.length > 0) return { where: "Dropout nodes", placement: {} };
  const command = adviceCommand(inspection);
  const advice = command === undefined ? "" : `; begin with ${command}`;
  const kinds = inspection.placeGroups.filter(({ isGate }) => !isGate).map(termOf);
  if (kinds.length === 0) throw new UsageError(`uncertainty: ${path}: ${inspection.advice.join(" ")}`);
  throw new UsageError(
    `uncertainty: --where is missing: ${path} has no Dropout node; places are ` +
      `${[...new Set(kinds)].join(", ")}${advice}`,
  );
}

/** What --rate choose tries: every rate at the places that were asked for, or at the usual ones. */
export function candidates(model: LoadedModel, request: UncertaintyRequest): Candidate[] {
  const { inspection } = model;
  const isOpen = request.where === undefined && inspection.sites.length === 0 && inspection.dropout.length === 0;
  const places = isOpen ? usualPlaces(model) : [placesOf(model, request)];
  return places.flatMap((place) => [
    ...(hasOwnRates(place) ? [{ ...place, rate: undefined }] : []),
    ...RATES.map((rate) => ({ ...place, rate })),
  ]);
}

/** Whether a placement means Dropout nodes, or inputs that were made with rates. */
export const hasOwnRates = ({ placement }: Pick<Candidate, "placement">): boolean =>
  placement === undefined ||
  (placement.after === undefined &&
    placement.before === undefined &&
    placement.weights !== true &&
    placement.recipe !== true);

/** After every activation, and after the last one alone. */
function usualPlaces(model: LoadedModel): Omit<Candidate, "rate">[] {
  const found = model.inspection.places.filter(({ kind }) => kind === "after");
  const after = [...new Set(found.map(({ operator }) => operator))];
  if (after.length === 0) return [placesOf(model, { where: undefined } as UncertaintyRequest)];
  const every = { where: `after ${listed(after)}`, placement: { after } };
  return found.length === 1
    ? [every]
    : [every, { where: `${every.where}, the last only`, placement: { after, last: 1 } }];
}

/**
 * Loads the model with dropout at a candidate's places.
 *
 * @throws {UsageError} With the library's sentence, if there is nothing at these places, or an output has another name.
 */
export async function open(
  model: LoadedModel,
  request: UncertaintyRequest,
  candidate: Candidate,
  options: { readonly ort: Ort; readonly key: Key } & Pick<MonteCarloOptions, "kind" | "scale" | "constant">,
): Promise<MonteCarlo> {
  const { placement, rate } = candidate;
  const { batch, masks, freeze, batchAxis } = request;
  return refusing(() =>
    monteCarlo(model.bytes, {
      ...placement,
      ...(placement === undefined || rate === undefined ? {} : { rate }),
      ...options,
      masks,
      externalData: model.externalData,
      ...outputsOf(request),
      ...(batch === undefined ? {} : { batch }),
      ...(freeze === undefined ? {} : { freeze }),
      ...(batchAxis === undefined ? {} : { batchAxis }),
    }),
  );
}

/** What the library refuses, as misuse of the command. */
export async function refusing<T>(make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw new UsageError(inCommandWords(error.message), { cause: error });
  }
}

/** A name that says variance, and one that says its logarithm. */
const [VARIANCE, LOG] = [/var|sigma|noise|uncert/i, /log/i];

/** The answer, and what the model says of its noise: `--output mean,variance`, or by options of their own. */
export function outputsOf({
  output,
  variance,
  logVariance,
  quantiles,
}: UncertaintyRequest): Pick<MonteCarloOptions, "output" | "variance" | "logVariance"> {
  const noise = {
    ...(variance === undefined ? {} : { variance }),
    ...(logVariance === undefined ? {} : { logVariance }),
  };
  if (output === undefined) return noise;
  const [first, second, ...more] = output as [string, ...string[]];
  if (second === undefined) return { output: first, ...noise };
  const isNoise =
    more.length === 0 && quantiles === undefined && Object.keys(noise).length === 0 && VARIANCE.test(second);
  if (!isNoise) return { output, ...noise };
  return LOG.test(second) ? { output: first, logVariance: second } : { output: first, variance: second };
}
