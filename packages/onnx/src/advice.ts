// What follows from what is in a model, in whole sentences, and the placement to begin with.

import { nameList, shown } from "./check.js";
import { whereLayersAre } from "./graph/bodies.js";
import type { Inspection } from "./inspection.js";
import type { Placement } from "./places/placement.js";
import type { Place } from "./places/places.js";

type Reached = Pick<Place, "kind" | "operator" | "name" | "advisedFor" | "isGate" | "outputs">;

/** Places after which dropout is usual, the usual ones first. */
const AFTER_FEATURES: ReadonlySet<string> = new Set(
  "MaxPool AveragePool LpPool GlobalAveragePool GlobalMaxPool GlobalLpPool Embedding".split(" "),
);

/**
 * Where to begin: after activations that reach the answer through a layer with weights, never gates, and never an
 * operator some of whose places do not. Else before the last layer.
 */
export function suggestedPlacement(places: readonly Reached[], answer: string | undefined): Placement | undefined {
  if (answer === undefined) return undefined;
  const isFit = (place: Reached): boolean => !place.isGate && place.advisedFor.includes(answer);
  const after = places.filter(({ kind }) => kind === "after");
  const kinds = [...new Set(after.filter(isFit).map(({ operator }) => operator))];
  const clean = kinds.filter((kind) => after.every((place) => place.operator !== kind || isFit(place)));
  const activations = clean.filter((kind) => !AFTER_FEATURES.has(kind));
  if (activations.length > 0) return { after: activations };
  if (clean.length > 0) return { after: clean };
  const before = places.filter((place) => place.kind === "before" && place.advisedFor.includes(answer));
  const last = before.at(-1);
  return last === undefined ? undefined : { before: [last.operator], where: last.name, last: 1 };
}

export function adviceFor(found: Omit<Inspection, "advice">): string[] {
  const { dropout, places, sites, hidden, normalisation, random } = found;
  const advice: string[] = [];
  const say = (condition: boolean, sentence: string): void => void (condition && advice.push(sentence));
  const removed = dropout.filter(({ isRemovedByRuntime }) => isRemovedByRuntime);
  const wild = dropout.filter(({ isRemovedByRuntime, drops }) => !isRemovedByRuntime && drops !== "never");
  say(
    sites.length > 0,
    `Dropout is an input at ${nameList(sites.map(({ name }) => name))}: feed multipliers, or predict with monteCarlo.`,
  );
  say(
    removed.length > 0,
    `ONNX Runtime takes ${removed.length === dropout.length ? "every" : `${removed.length} of ${dropout.length}`} ` +
      `Dropout node out when it optimises, whatever training_mode says: passes of the plain model would all be ` +
      `equal. Predict with monteCarlo, or rewrite with withDropout.`,
  );
  say(
    wild.length > 0,
    `${nameList(wild.map(({ name }) => name))} would stay and draw masks that differ between builds of the ` +
      `runtime; monteCarlo draws them from a key.`,
  );
  const odd = dropout.filter(({ ratio }) => ratio !== undefined && !(ratio >= 0 && ratio <= 1));
  say(
    odd.length > 0,
    `${nameList(odd.map(({ name, ratio }) => `${name} (${ratio})`))} ` +
      `${odd.length === 1 ? "has a ratio that is not a probability" : "have ratios that are not probabilities"}: ` +
      "give a rate of your own.",
  );
  say(dropout.length === 0 && sites.length === 0, noDropout(found));
  const hiddenDropout = hidden.filter((part) => part.dropout.length > 0);
  say(
    hiddenDropout.length > 0,
    `${nameList(hiddenDropout.flatMap((part) => part.dropout))} stand inside ` +
      `${nameList(hiddenDropout.map(({ inside, name }) => `${inside} (${name})`))}, where masks do not reach.`,
  );
  const loops = [
    ...new Set(places.flatMap(({ inside }) => (inside === undefined || /^If /.test(inside) ? [] : [inside]))),
  ];
  say(loops.length > 0, `Masks inside ${nameList(loops)} are the same in all steps of a pass.`);
  const training = normalisation.filter(({ isTraining }) => isTraining);
  say(
    training.length > 0,
    `${nameList(training.map(({ name }) => name))} normalise by the batch they see: a row's answer depends on the ` +
      `other rows. Predict with freeze: true, or export with batch normalisation in evaluation mode.`,
  );
  const batchNorms = normalisation.filter(({ operator }) => operator === "BatchNormalization");
  say(
    batchNorms.length > 0 && training.length === 0,
    "The model has batch normalisation: dropout before it gives it a variance that it was not trained for; prefer " +
      "places behind the last one.",
  );
  say(
    places.some(({ operator }) => operator === "Selu"),
    "Selu activations rely on mean 0 and variance 1, which plain dropout does not keep; prefer places behind the " +
      "last of them.",
  );
  say(random.length > 0, `${nameList(random)} draw random numbers by themselves: results will differ from run to run.`);
  return advice;
}

function noDropout({ places, suggested, hidden, operators, answer, outputs }: Omit<Inspection, "advice">): string {
  const start = "There is no Dropout node: exporters leave it out in evaluation mode.";
  if (answer === undefined) {
    const kinds = nameList(outputs.map(({ name, type }) => `${name} is ${type}`)) || "it has none";
    return `${start} No output is a tensor of floating-point numbers: ${kinds}.`;
  }
  if (suggested !== undefined) {
    const options = Object.entries({ rate: 0.1, ...suggested }).map(([name, value]) => `${name}: ${inCode(value)}`);
    return `${start} Put dropout where training had it, for instance { ${options.join(", ")} }.`;
  }
  const inside = whereLayersAre(hidden);
  if (inside !== undefined) return `${start} There is no place for it: ${inside}.`;
  if (Object.keys(operators).some((name) => /TreeEnsemble/.test(name))) {
    return (
      `${start} The model is an ensemble of trees, which has nothing to drop: the spread of its trees says ` +
      `how unsure it is.`
    );
  }
  return places.length > 0
    ? `${start} No place for it reaches ${shown(answer)} through a layer with weights.`
    : `${start} There is no place for dropout either: no activation and no layer with weights.`;
}

const inCode = (value: unknown): string =>
  Array.isArray(value)
    ? `[${value.map(inCode).join(", ")}]`
    : typeof value === "string"
      ? JSON.stringify(shown(value))
      : String(value);
