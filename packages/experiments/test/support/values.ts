// Rows of a known law whose value is to be predicted: two numbers, a category, and a column with missing values.

import { foldIn, key, normal, uniform } from "hadamask";
import type { Dataset } from "../../src/data/dataset.js";
import { type ColumnCode, encodeCell, featuresOf, widthOf } from "../../src/data/encoding.js";

export const COLUMNS: readonly ColumnCode[] = [
  { kind: "number", name: "size" },
  { kind: "number", name: "age", missing: "indicator" },
  { kind: "category", name: "colour", categories: ["blue", "green", "red"] },
];

/** Of the noise where `size` is above 0; a quarter of that elsewhere. */
export const NOISE = 4;

/** value = 100 + 20 size + 5 (colour is red) + noise */
export function valueData(rows: number, seed = 1): Dataset {
  const from = key(seed);
  const [sizes, noise] = [1, 2].map((part) => normal(rows, { key: foldIn(from, part) })) as [
    Float32Array,
    Float32Array,
  ];
  const chance = uniform(3 * rows, { key: foldIn(from, 3) });
  const width = featuresOf(COLUMNS);
  const features = new Float32Array(rows * width);
  const labels = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const colour = Math.floor(3 * chance[3 * row]!);
    const age = chance[3 * row + 1]! < 0.2 ? undefined : 50 * chance[3 * row + 2]!;
    let at = row * width;
    [sizes[row]!, age, colour].forEach((cell, c) => {
      encodeCell(COLUMNS[c]!, cell, features, at);
      at += widthOf(COLUMNS[c]!);
    });
    const deviation = sizes[row]! > 0 ? NOISE : NOISE / 4;
    labels[row] = 100 + 20 * sizes[row]! + (colour === 2 ? 5 : 0) + deviation * noise[row]!;
  }
  return {
    name: "made.csv",
    description: "Made up.",
    featureCount: width,
    classes: [],
    target: { name: "price" },
    columns: COLUMNS,
    scaling: "standardise",
    pool: { rows, features, labels },
    defaultTrainRows: Math.floor(0.8 * rows),
  };
}
