// What other masks look like: on a picture, over time, on weights and attention; and noises that are no masks.

import {
  AttentionDropout,
  ConcreteDropout,
  DropBlock2D,
  Dropout,
  DropPath,
  dropout,
  GaussianDropout,
  key,
  LogitNormalDropout,
  normal,
  SpatialDropout,
  SpatialDropout2D,
  UniformDropout,
} from "hadamask";
import { SIZE, scene } from "../../../../cli/src/theory-page/pictures.js";
import type { Point } from "../../charts/chart.js";
import { percent, short } from "../../figure/numbers.js";
import type { Presented } from "../../figure/table.js";
import { choiceField, numberField, type StateOf } from "../../state/fields.js";
import { remembered } from "../../state/remembered.js";
import { type CardName, NOISES, type NoiseName } from "./names.js";
import type { Wording } from "./words.js";

export const GROUPS = ["picture", "time", "weights", "noise"] as const;

export const FIELDS = {
  group: choiceField("picture", GROUPS),
  rate: numberField(0.3, 0.01, 0.95),
  seed: numberField(3, 0, 999_999, true),
};

export type State = StateOf<typeof FIELDS>;

export interface Card {
  readonly name: CardName;
  readonly columns: number;
  readonly rows: number;
  readonly palette: "colour" | "ink";
  /** For "ink" the size of each value over the largest without dropout. */
  readonly values: Float64Array;
  /** Share of the values that are 0. */
  readonly dropped: number;
}

const zeros = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((count, value) => count + Number(value === 0), 0) / values.length;

/** The cards of the first three groups. */
export const cards = remembered(
  ({ group, rate, seed }: State) => [group, rate, seed],
  ({ group, rate, seed }): readonly Card[] => {
    const options = { rate, key: key(seed) };
    if (group === "picture") return onPicture(options);
    if (group === "time") return overTime(options);
    return group === "weights" ? onWeights(options) : [];
  },
);

type Options = { readonly rate: number; readonly key: ReturnType<typeof key> };

function onPicture(options: Options): readonly Card[] {
  const image = scene();
  const shape = [1, SIZE, SIZE, 3];
  const card = (name: CardName, values: ArrayLike<number>): Card => ({
    name,
    columns: SIZE,
    rows: SIZE,
    palette: "colour",
    values: Float64Array.from(values),
    dropped: zeros(values),
  });
  const shared = (sharedAxes: number[]) => new SpatialDropout({ ...options, sharedAxes }).forward(image, { shape });
  const blocks = new DropBlock2D({ ...options, blockSize: 4, channels: "shared", dataFormat: "channels-last" });
  return [
    card("original", image),
    card("elements", new Dropout(options).forward(image)),
    card("pixels", shared([3])),
    card("rows", shared([2, 3])),
    card("channels", new SpatialDropout2D(options).forward(image, { shape })),
    card("blocks", blocks.forward(image, { shape })),
    card("gaussian", new GaussianDropout(options).forward(image)),
  ];
}

const [SAMPLES, STEPS, WIDTH] = [3, 12, 14];

/** Three sequences one above the other, a step a row. */
function overTime(options: Options): readonly Card[] {
  const h = normal(SAMPLES * STEPS * WIDTH, { key: key(5) }).map((z) => 0.35 + 0.65 * Math.min(1, Math.abs(z) / 2));
  const shape = [SAMPLES, STEPS, WIDTH];
  const card = inkCard(WIDTH, SAMPLES * STEPS);
  const shared = (sharedAxes: number[]) => new SpatialDropout({ ...options, sharedAxes }).forward(h, { shape });
  return [
    card("units", new Dropout(options).forward(h)),
    card("sequence", shared([1])),
    card("steps", shared([2])),
    card("samples", new DropPath(options).forward(h, { shape })),
  ];
}

const HEAD = 14;

function onWeights(options: Options): readonly Card[] {
  const matrix = normal(HEAD * HEAD, { key: key(6) }).map((z) => 0.25 + 0.75 * Math.min(1, Math.abs(z) / 2));
  const scores = normal(HEAD * HEAD, { key: key(7) }).map(
    (z, i) => 2 * z - Math.abs((i % HEAD) - Math.floor(i / HEAD)),
  );
  const shape = [1, 1, HEAD, HEAD];
  const card = inkCard(HEAD, HEAD);
  const attention = (layer: AttentionDropout) => layer.forward(scores, { shape });
  return [
    card("matrix", matrix),
    card("weights", dropout(matrix, options)),
    card("scores", attention(new AttentionDropout({ ...options, mode: "eval" }))),
    card("attention", attention(new AttentionDropout(options))),
  ];
}

const inkCard =
  (columns: number, rows: number) =>
  (name: CardName, values: ArrayLike<number>): Card => {
    const largest = Math.max(...Array.from(values), 1);
    return {
      name,
      columns,
      rows,
      palette: "ink",
      values: Float64Array.from(values, (v) => v / largest),
      dropped: zeros(values),
    };
  };

const DRAWS = 20_000;
const BINS = 60;
export const WIDEST = 4;

export interface NoiseDensity {
  readonly name: NoiseName;
  readonly density: readonly Point[];
  readonly mean: number;
  readonly variance: number;
}

/** Densities of multipliers as histograms of 20000 draws in [-1, 4), with their mean and variance. */
export const densities = remembered(({ rate, seed }: Pick<State, "rate" | "seed">) => [rate, seed], drawDensities);

function drawDensities({ rate, seed }: Pick<State, "rate" | "seed">): readonly NoiseDensity[] {
  const ones = new Float64Array(DRAWS).fill(1);
  const options = { rate, key: key(seed) };
  // The uniform noise with the variance of the others: beta^2 / 3 = rate / keep, as far as multipliers stay positive.
  const beta = Math.min(1, Math.sqrt((3 * rate) / (1 - rate)));
  const drawn: Record<NoiseName, Float64Array> = {
    gaussian: new GaussianDropout(options).forward(ones),
    uniform: new UniformDropout({ beta, key: options.key }).forward(ones),
    concrete: new ConcreteDropout({ ...options, temperature: 0.25 }).forward(ones),
    logitNormal: new LogitNormalDropout({ sigma: 1, key: options.key }).forward(ones),
  };
  return NOISES.map((name) => {
    const values = drawn[name];
    const mean = values.reduce((sum, v) => sum + v, 0) / DRAWS;
    const counts = new Float64Array(BINS);
    const width = (WIDEST + 1) / BINS;
    for (const v of values) {
      const bin = Math.floor((v + 1) / width);
      if (bin >= 0 && bin < BINS) counts[bin]! += 1;
    }
    return {
      name,
      mean,
      variance: values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / DRAWS,
      density: Array.from(counts, (count, b): Point => [(b + 0.5) * width - 1, count / DRAWS / width]),
    };
  });
}

export function present(state: State, words: Wording): Presented {
  const rate = short(state.rate);
  if (state.group === "noise") {
    const rows = densities(state).map(({ name, mean, variance }) => [words.noises[name], mean, variance]);
    return {
      summary: words.noiseSummary(rate, short(state.rate / (1 - state.rate))),
      table: { columns: words.noiseColumns, rows },
    };
  }
  const shown = cards(state);
  return {
    summary: words.summary(
      rate,
      shown.map(({ name, dropped }) => `${words.cards[name].name} ${percent(dropped)}`),
    ),
    table: { columns: words.columns, rows: shown.map(({ name, dropped }) => [words.cards[name].name, dropped]) },
  };
}
