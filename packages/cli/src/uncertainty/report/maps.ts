// Maps of pixels as pictures: where in a row the model is unsure.

import { type Picture, pixels, pixelsSize } from "@hadamask/experiments/charts";
import type { PositionPrediction } from "@hadamask/onnx";
import type { Figure } from "../../page/figure.js";
import type { UncertaintyResult } from "../request.js";
import { leastCertain } from "../rows.js";
import { enlarged } from "./enlarged.js";

/** Rows shown. */
const ROWS = 4;

const MAPS = [
  { name: "predictiveEntropy", title: "entropy" },
  { name: "mutualInformation", title: "mutual information" },
] as const;

/** Of the least certain rows, both maps each; nothing unless the positions are a picture. */
export function mapFigures(result: UncertaintyResult): Figure[] {
  const { prediction } = result;
  if (prediction.kind !== "positions") return [];
  const sizes = prediction.positions.filter((size) => size > 1);
  const [height, width] = sizes;
  if (sizes.length !== 2 || height === undefined || width === undefined) return [];
  const rows = leastCertain(result, ROWS);
  const shown = MAPS.flatMap((map) => rows.map((row) => enlarged(pictureOf(prediction, row, map, { height, width }))));
  return [
    {
      name: "maps",
      caption:
        "Where in a row the model is unsure: predictive entropy above, mutual information below, of the least " +
        "certain rows. Black is 0, white the largest value of the row.",
      size: pixelsSize(shown),
      isFixed: true,
      option: (theme) =>
        pixels("Where the doubt is", "Over each: its mean and its largest value (nats).", shown, theme),
    },
  ];
}

function pictureOf(
  { maps }: PositionPrediction,
  row: number,
  { name, title }: (typeof MAPS)[number],
  { height, width }: { readonly height: number; readonly width: number },
): Picture {
  const statistics = maps[row]!;
  const map = statistics[name];
  const { mean, max } = statistics.score[name];
  return {
    title: `row ${row + 1}, ${title}`,
    explanation: `${mean.toFixed(3)}, ${max.toFixed(3)}`,
    height,
    width,
    values: Float32Array.from({ length: 3 * map.length }, (_, i) => map[Math.floor(i / 3)]! / Math.max(max, 1e-12)),
  };
}
