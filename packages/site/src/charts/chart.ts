// What charts are given. Knows no picture.

export type Point = readonly [x: number, y: number];

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
  /** Which of the site's colours; 0 is grey, for what others are compared with. */
  readonly tone: number;
  readonly style?: "line" | "thin" | "dashed" | "dots";
  /** Left out of the legend: it says so in another way. */
  readonly isUnnamed?: boolean;
}

/** An area between two lines. */
export interface Band {
  readonly name: string;
  readonly tone: number;
  readonly points: readonly (readonly [x: number, low: number, high: number])[];
}

export interface Axis {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly log?: boolean;
}

/** The value of a series nearest to `x`; undefined where it has none. */
export function nearest(points: readonly Point[], x: number): Point | undefined {
  let best: Point | undefined;
  for (const point of points) {
    if (best === undefined || Math.abs(point[0] - x) < Math.abs(best[0] - x)) best = point;
  }
  return best;
}

/** Evenly spaced numbers from `first` to `last`, both among them. */
export const evenly = (first: number, last: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => first + ((last - first) * i) / (count - 1));
