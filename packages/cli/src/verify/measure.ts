// One comparison: what was measured, what was expected, and how far apart they may be. Knows no source and no text.

/** A number, or several that belong together. */
export type Value = number | readonly number[];

/** How a measured value has to stand to the expected one. */
type Relation = "equals" | "differs from" | "at most" | "at least";

export interface Measure {
  readonly what: string;
  readonly measured: Value;
  readonly relation: Relation;
  readonly expected: Value;
  /**
   * equals: the largest distance allowed. differs from: the distance that every component must exceed, which refutes
   * a formula.
   * at most, at least: by how much the limit may be passed.
   */
  readonly bound: number;
}

/** What comes out of arrays of any kind; theory and layers give typed ones. */
type Values = number | ArrayLike<number>;

/** One number is a number, in an array or not. */
function plain(value: Values): Value {
  if (typeof value === "number") return value;
  return value.length === 1 ? value[0]! : Array.from(value);
}

const listOf = (value: Value): readonly number[] => (typeof value === "number" ? [value] : value);

const sizeOf = (value: Value): number =>
  Math.max(1, ...listOf(value).map((v) => (Number.isFinite(v) ? Math.abs(v) : 0)));

/** Rounding of a few hundred additions in float64, relative to the largest value. */
const ROUNDING = 1e-12;

/** `measured` has to be `expected` but for rounding, or to `bound`. */
export function equals(what: string, measured: Values, expected: Values, bound?: number): Measure {
  const goal = plain(expected);
  return {
    what,
    measured: plain(measured),
    relation: "equals",
    expected: goal,
    bound: bound ?? ROUNDING * sizeOf(goal),
  };
}

/** `measured` has to be `expected`, bit for bit. */
export function exactly(what: string, measured: Values, expected: Values): Measure {
  return equals(what, measured, expected, 0);
}

/**
 * Refutes a formula: what it gives (`claimed`) has to be further than `bound` from the truth, in every component.
 * The default bound is far above rounding, so that a formula that is right cannot be refuted by accident.
 */
export function differs(what: string, measured: Values, claimed: Values, bound?: number): Measure {
  const wrong = plain(claimed);
  return { what, measured: plain(measured), relation: "differs from", expected: wrong, bound: bound ?? 1e-6 };
}

export function atMost(what: string, measured: Values, limit: number, bound = 0): Measure {
  return { what, measured: plain(measured), relation: "at most", expected: limit, bound };
}

export function atLeast(what: string, measured: Values, limit: number, bound = 0): Measure {
  return { what, measured: plain(measured), relation: "at least", expected: limit, bound };
}

/** Whether the measured value stands to the expected one as it has to. */
export function holds(measure: Measure): boolean {
  const { relation, bound } = measure;
  const measured = listOf(measure.measured);
  const expected = listOf(measure.expected);
  if (relation === "at most") return measured.length > 0 && measured.every((v) => v <= expected[0]! + bound);
  if (relation === "at least") return measured.length > 0 && measured.every((v) => v >= expected[0]! - bound);
  const isApart = (value: number, i: number): boolean => distance(value, expected[i]!) > bound;
  if (measured.length !== expected.length) return relation === "differs from";
  return relation === "equals" ? !measured.some(isApart) : measured.length > 0 && measured.every(isApart);
}

/** NaN is at distance 0 from NaN and infinitely far from everything else. */
function distance(a: number, b: number): number {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return 0;
  const apart = Math.abs(a - b);
  return Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart;
}
