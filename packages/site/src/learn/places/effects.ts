// From the file of measured places (docs/placement.json) to the rows of chapter 9. Knows no page.

export const PART_NAMES = ["inputs", "normalisation", "convolutions", "recurrences"] as const;
export type PartName = (typeof PART_NAMES)[number];

type Interval = readonly [number, number];

interface Measure {
  readonly mean: number;
  readonly ci95?: Interval;
}

/** The file. */
export interface SavedPlaces {
  readonly command: string;
  readonly parts: Readonly<
    Record<
      PartName,
      {
        readonly model: {
          readonly hidden: readonly number[];
          readonly epochs: number;
          readonly seeds: readonly number[];
        };
        readonly data: { readonly name: string; readonly trainRows: number; readonly testRows: number };
        readonly variants: readonly {
          readonly name: string;
          readonly testError: Measure;
          readonly nll: Measure;
          readonly varianceRatio?: { readonly perSeed: readonly number[] };
        }[];
        readonly paired: readonly { readonly variant: string; readonly nll: Measure }[];
      }
    >
  >;
}

/** One way to drop, beside the network without dropout. */
export interface EffectRow {
  readonly name: string;
  readonly testError: number;
  readonly nll: number;
  /** Its NLL minus that of the network without dropout; that network has none. */
  readonly difference?: { readonly mean: number; readonly interval: Interval };
  /** What the second normalisation gets at prediction over what it measured: mean over the seeds. */
  readonly varianceRatio?: number;
}

export interface Part {
  readonly name: PartName;
  readonly hidden: string;
  readonly seeds: number;
  readonly trainRows: number;
  readonly testRows: number;
  readonly rows: readonly EffectRow[];
  /** The ends of all intervals of the part, and 0 between them. */
  readonly range: Interval;
}

export interface MeasuredPlaces {
  readonly command: string;
  readonly parts: readonly Part[];
}

export const effectsOf = ({ command, parts }: SavedPlaces): MeasuredPlaces => ({
  command,
  parts: PART_NAMES.filter((name) => name in parts).map((name) => {
    const { model, data, variants, paired } = parts[name];
    const rows = variants.map(({ name: variant, testError, nll, varianceRatio }): EffectRow => {
      const pair = paired.find((one) => one.variant === variant)?.nll;
      return {
        name: variant,
        testError: testError.mean,
        nll: nll.mean,
        ...(pair?.ci95 && { difference: { mean: pair.mean, interval: pair.ci95 } }),
        ...(varianceRatio && { varianceRatio: meanOf(varianceRatio.perSeed) }),
      };
    });
    const ends = rows.flatMap(({ difference }) => difference?.interval ?? []);
    return {
      name,
      hidden: model.hidden.join("-"),
      seeds: model.seeds.length,
      trainRows: data.trainRows,
      testRows: data.testRows,
      rows,
      range: [Math.min(0, ...ends), Math.max(0, ...ends)],
    };
  }),
});

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** What an interval says: that the place helps, that it harms, or neither. */
export function verdictOf({ difference }: EffectRow): "better" | "worse" | "open" | undefined {
  if (difference === undefined) return undefined;
  const [low, high] = difference.interval;
  return high < 0 ? "better" : low > 0 ? "worse" : "open";
}
