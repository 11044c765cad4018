// What kind of answer an output is, and why: from what the graph says of it, what was asked for, and its numbers for
// some rows without dropout. Pure; never a guess without a word.

import { describe, nameList, shown } from "../check.js";
import { sizeOf } from "../size.js";
import type { AnswerFacts } from "./facts.js";
import { liesInUnit, type PlainRun, sumsToOne } from "./plain-run.js";

/**
 * What the numbers of an output are.
 *
 *     classes   one distribution a row
 *     binary    one number a row: the probability of the second of two classes
 *     labels    each number the probability of one label
 *     pixels    one distribution at each place of a picture
 *     tokens    one distribution at each step of a sequence
 *     anchors   one distribution for each of several candidates
 *     values    anything else: numbers as they are
 */
export type AnswerKind = "classes" | "binary" | "labels" | "pixels" | "tokens" | "anchors" | "values";

const KINDS: readonly AnswerKind[] = ["classes", "binary", "labels", "pixels", "tokens", "anchors", "values"];

/** Whether the model gives probabilities, or what a softmax or sigmoid makes them of. */
export type AnswerScale = "probabilities" | "logits" | "numbers";

/** What an output is taken for. */
export interface Answer {
  readonly output: string;
  readonly kind: AnswerKind;
  readonly scale: AnswerScale;
  /** The axis of one row's output that counts classes; undefined where there is none. */
  readonly classAxis: number | undefined;
  /** Shape of one row's output. */
  readonly dims: readonly number[];
  /** A clause that says why: "its last operator is Softmax over axis 1, and …". */
  readonly why: string;
}

/** What the user says of the answer. */
export interface AskedAnswer {
  readonly kind?: AnswerKind | "auto";
  readonly scale?: "probabilities" | "logits";
}

/**
 * Decides what an output is.
 *
 * Numerics. Probabilities have to be at least -0.001 and to sum to 1 within 0.001 on every row of `plain` (0.01 for
 *   outputs of 16 bits).
 *
 * @throws {TypeError | RangeError} If it is not what was asked for, with the reason and what to do.
 */
export function answerOf(where: string, facts: AnswerFacts, plain: PlainRun, asked: AskedAnswer = {}): Answer {
  checkAsked(where, asked);
  const { kind = "auto", scale } = asked;
  const found =
    kind === "auto" && scale === undefined
      ? seenIn(facts, plain)
      : given(where, facts, plain, kind === "auto" ? likelyKind(facts, plain) : kind, scale);
  return { output: facts.output, dims: plain.dims, ...found };
}

type Found = Omit<Answer, "output" | "dims">;

function checkAsked(where: string, { kind, scale }: AskedAnswer): void {
  if (kind !== undefined && kind !== "auto" && !KINDS.includes(kind)) {
    throw new RangeError(`${where}: kind must be "auto" or one of ${nameList(KINDS)}, got ${describe(kind)}`);
  }
  if (scale !== undefined && scale !== "probabilities" && scale !== "logits") {
    throw new RangeError(`${where}: scale must be "probabilities" or "logits", got ${describe(scale)}`);
  }
  if (scale !== undefined && kind === "values") {
    throw new TypeError(`${where}: scale goes with probabilities; values are taken as they are`);
  }
}

// -- without a word from the user -------------------------------------------------------------------------------------

function seenIn(facts: AnswerFacts, plain: PlainRun): Found {
  const { dims } = plain;
  if (sizeOf(dims) === 1) return oneNumber(facts, plain);
  const long = dims.flatMap((size, axis) => (size > 1 ? [axis] : []));
  if (long.length === 1) return oneAxis(facts, plain, long[0]!);
  return severalAxes(facts, plain);
}

function oneNumber(facts: AnswerFacts, plain: PlainRun): Found {
  const isSigmoid = facts.maker === "Sigmoid" && liesInUnit(plain);
  return isSigmoid
    ? found("binary", "probabilities", undefined, "it is one number a row, made by Sigmoid")
    : found("values", "numbers", undefined, "it is one number a row, and no Sigmoid makes it");
}

function oneAxis(facts: AnswerFacts, plain: PlainRun, axis: number): Found {
  const seen = distribution(facts, plain, [axis]);
  if (seen !== undefined) return found("classes", seen.scale, axis, seen.why);
  if (facts.maker === "Sigmoid" && liesInUnit(plain)) {
    return found("labels", "probabilities", undefined, "Sigmoid makes it, and its rows do not sum to 1");
  }
  return found("values", "numbers", undefined, `${noDistribution(facts)}; for logits say kind "classes"`);
}

function severalAxes(facts: AnswerFacts, plain: PlainRun): Found {
  const seen = distribution(facts, plain, candidateAxes(facts, plain.dims));
  if (seen !== undefined) return found(positionKind(facts, plain.dims, seen.axis), seen.scale, seen.axis, seen.why);
  if (facts.maker === "Sigmoid" && liesInUnit(plain)) {
    const single = plain.dims.indexOf(1);
    if (single < 0) return found("labels", "probabilities", undefined, "Sigmoid makes it, and no axis sums to 1");
    return found(
      positionKind(facts, plain.dims, single),
      "probabilities",
      single,
      "Sigmoid makes it, one number at each position",
    );
  }
  return found("values", "numbers", undefined, `${noDistribution(facts)}; for logits say which kind it is`);
}

const found = (kind: AnswerKind, scale: AnswerScale, classAxis: number | undefined, why: string): Found => ({
  kind,
  scale,
  classAxis,
  why,
});

const noDistribution = ({ maker }: AnswerFacts): string =>
  maker === "Softmax" || maker === "LogSoftmax"
    ? `${maker} makes it, but its rows are not distributions`
    : "no Softmax or Sigmoid makes it, and its rows do not sum to 1";

/** Axes that classes are likely to be on, the likeliest first. */
function candidateAxes({ axis }: AnswerFacts, dims: readonly number[]): number[] {
  const candidates = [...(axis === undefined ? [] : [axis]), 0, dims.length - 1];
  return [...new Set(candidates)].filter((candidate) => (dims[candidate] ?? 0) > 1);
}

/** The axis along which every row holds distributions, or logarithms of them. */
function distribution(
  { maker }: AnswerFacts,
  plain: PlainRun,
  axes: readonly number[],
): { readonly axis: number; readonly scale: "probabilities" | "logits"; readonly why: string } | undefined {
  const isLog = maker === "LogSoftmax";
  const axis = axes.find((candidate) => sumsToOne(plain, candidate, isLog));
  if (axis === undefined) return undefined;
  const checked = `its numbers for ${plain.rows === 1 ? "the row" : `${plain.rows} rows`} without dropout`;
  const sums = isLog
    ? `the exponentials of ${checked} sum to 1`
    : `${checked} are non-negative and sum to 1 along axis ${axis + 1}`;
  const why = maker === "Softmax" || isLog ? `${maker} makes it, and ${sums}` : sums;
  return { axis, scale: isLog ? "logits" : "probabilities", why };
}

function positionKind({ isText }: AnswerFacts, dims: readonly number[], classAxis: number): AnswerKind {
  const positions = dims.filter((_, axis) => axis !== classAxis).filter((size) => size > 1);
  if (isText) return "tokens";
  return positions.length > 1 ? "pixels" : "anchors";
}

// -- by what the user says --------------------------------------------------------------------------------------------

/** The kind that goes with the shape, where only the scale was said. */
function likelyKind(facts: AnswerFacts, { dims }: PlainRun): AnswerKind {
  if (sizeOf(dims) === 1) return "binary";
  const long = dims.filter((size) => size > 1);
  if (long.length === 1) return "classes";
  return positionKind(facts, dims, facts.axis ?? (long.length > 2 ? 0 : dims.length - 1));
}

function given(
  where: string,
  facts: AnswerFacts,
  plain: PlainRun,
  kind: AnswerKind,
  scale: "probabilities" | "logits" | undefined,
): Found {
  const why = `kind "${kind}" was asked for`;
  if (kind === "values") return found(kind, "numbers", undefined, why);
  const size = sizeOf(plain.dims);
  if (kind === "classes" && size === 1) return given(where, facts, plain, "binary", scale);
  if (kind === "binary" || kind === "labels") {
    if (kind === "binary" && size > 1) {
      throw new RangeError(`${where}: a binary answer must be one number a row, got ${size} in ${place(facts)}`);
    }
    const isUnit = liesInUnit(plain);
    if (scale === "probabilities" && !isUnit) throw outside(where, facts);
    if (scale === undefined && facts.maker === "Sigmoid" && !isUnit) throw outside(where, facts);
    return found(kind, scale ?? (isUnit ? "probabilities" : "logits"), undefined, why);
  }
  const classAxis = axisFor(where, facts, plain, kind);
  const isDistribution = sumsToOne(plain, classAxis, false);
  if (scale === "probabilities" && !isDistribution) throw noSum(where, facts);
  if (!isDistribution && scale === undefined && facts.maker === "Sigmoid") {
    throw new RangeError(
      `${where}: ${place(facts)} must be probabilities that sum to 1 or logits, got sigmoids; say kind "labels"`,
    );
  }
  return found(kind, scale ?? (isDistribution ? "probabilities" : "logits"), classAxis, why);
}

function axisFor(where: string, facts: AnswerFacts, plain: PlainRun, kind: AnswerKind): number {
  const { dims } = plain;
  const long = dims.flatMap((size, axis) => (size > 1 ? [axis] : []));
  if (kind === "classes") {
    if (long.length <= 1) return long[0] ?? 0;
    throw new RangeError(
      `${where}: classes must be one distribution a row, got shape [${dims.join(",")}] of a row in ` +
        `${place(facts)}; say kind "pixels", "tokens" or "anchors"`,
    );
  }
  if (dims.length < 2) {
    throw new RangeError(
      `${where}: ${kind} must be several distributions a row, got shape [${dims.join(",")}] of a row in ` +
        `${place(facts)}; say kind "classes"`,
    );
  }
  const candidates = candidateAxes(facts, dims);
  const seen = candidates.find((axis) => sumsToOne(plain, axis, false));
  return seen ?? facts.axis ?? (kind === "pixels" ? 0 : dims.length - 1);
}

const place = ({ output }: AnswerFacts): string => `output ${shown(output)}`;

const outside = (where: string, facts: AnswerFacts): RangeError =>
  new RangeError(`${where}: ${place(facts)} must be probabilities in [0, 1], got others; say scale "logits"`);

const noSum = (where: string, facts: AnswerFacts): RangeError =>
  new RangeError(
    `${where}: ${place(facts)} must be probabilities that are non-negative and sum to 1, got rows that do not; ` +
      `say scale "logits" or kind "values"`,
  );
