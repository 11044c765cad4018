// One small picture, and what each kind of dropout makes of it.

import type { Picture } from "@hadamask/experiments/charts";
import {
  ConcreteDropout,
  Dropout,
  GaussianDropout,
  key,
  LogitNormalDropout,
  SpatialDropout,
  SpatialDropout2D,
} from "hadamask";

export const SIZE = 18;
export const RATE = 0.3;

/** A sun over hills: soft colours and hard edges. */
export function scene(): Float64Array {
  const values = new Float64Array(SIZE * SIZE * 3);
  for (let row = 0; row < SIZE; row++) {
    for (let column = 0; column < SIZE; column++) values.set(colourAt(row, column), 3 * (row * SIZE + column));
  }
  return values;
}

function colourAt(row: number, column: number): readonly [number, number, number] {
  const ridge = 11 + 2.2 * Math.sin(column / 2.6) + 0.12 * column;
  if (row > ridge + 3) return [0.16, 0.34, 0.2];
  if (row > ridge) return [0.3, 0.52, 0.26];
  if (Math.hypot(row - 5.5, column - 12) < 3.4) return [0.98, 0.78, 0.28];
  const height = row / SIZE;
  return [0.36 + 0.5 * height, 0.56 + 0.22 * height, 0.8 - 0.1 * height];
}

const shape = [1, SIZE, SIZE, 3];

/** The picture, and seven layers in training on it, each drawn once. */
export function pictures(): Picture[] {
  const image = scene();
  const options = { rate: RATE, key: key(3) };
  const show = (title: string, explanation: string, values: ArrayLike<number>): Picture => ({
    title,
    explanation,
    width: SIZE,
    height: SIZE,
    values,
  });
  const shared = (sharedAxes: number[]) => new SpatialDropout({ ...options, sharedAxes }).forward(image, { shape });
  return [
    show("The picture", "18 x 18 pixels, 3 channels", image),
    show("Dropout", "each value on its own", new Dropout(options).forward(image)),
    show("Pixels", "one draw a pixel", shared([3])),
    show("Rows", "one draw a row", shared([2, 3])),
    show("Channels", "one draw a channel", new SpatialDropout2D({ ...options, key: key(1) }).forward(image, { shape })),
    show("Gaussian", "multipliers N(1, rate / keep)", new GaussianDropout(options).forward(image)),
    show(
      "Logit-normal",
      "sigma 1, mean 1/2, times 2",
      new LogitNormalDropout({ sigma: 1, key: key(3) }).forward(image),
    ),
    show("Concrete", "temperature 0.5", new ConcreteDropout({ ...options, temperature: 0.5 }).forward(image)),
  ];
}
