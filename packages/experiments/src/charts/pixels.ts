// Small pictures side by side, pixel by pixel: what noise does to an image.

import type { EChartsOption } from "echarts";
import { frame, TITLE_HEIGHT } from "./frame.js";
import type { Size } from "./size.js";
import { FONT, type Theme } from "./theme.js";

/** Rows of pixels of red, green and blue from 0 to 1; values outside are cut off. */
export interface Picture {
  readonly title: string;
  readonly explanation: string;
  readonly width: number;
  readonly height: number;
  /** `height * width * 3` values. */
  readonly values: ArrayLike<number>;
}

const CELL = 8;
const COLUMNS = 4;
const GAP = 30;
const CAPTION = 46;
const MARGIN = 16;

interface Place {
  readonly left: number;
  readonly top: number;
}

function placeOf(p: number, { width, height }: Picture): Place {
  return {
    left: MARGIN + (p % COLUMNS) * (width * CELL + GAP),
    top: TITLE_HEIGHT + 10 + Math.floor(p / COLUMNS) * (height * CELL + CAPTION + GAP) + CAPTION,
  };
}

export function pixelsSize(pictures: readonly Picture[]): Size {
  const first = pictures[0]!;
  const rows = Math.ceil(pictures.length / COLUMNS);
  return {
    width: 2 * MARGIN + COLUMNS * first.width * CELL + (COLUMNS - 1) * GAP,
    height: TITLE_HEIGHT + 10 + rows * (first.height * CELL + CAPTION) + (rows - 1) * GAP + MARGIN,
  };
}

/** Pictures of one size in rows of four, each under its title. */
export function pixels(title: string, explanation: string, pictures: readonly Picture[], theme: Theme): EChartsOption {
  return {
    ...frame(title, explanation, theme),
    graphic: pictures.flatMap((picture, p) => [
      ...caption(picture, placeOf(p, picture), theme),
      ...runs(picture, placeOf(p, picture)),
    ]),
  } as EChartsOption;
}

function caption({ title, explanation }: Picture, { left, top }: Place, theme: Theme): object[] {
  const text = (content: string, y: number, style: object) => ({
    type: "text",
    x: left,
    y,
    silent: true,
    style: { text: content, fontFamily: FONT, ...style },
  });
  return [
    text(title, top - CAPTION + 2, { fontSize: 13, fontWeight: "bold", fill: theme.ink }),
    text(explanation, top - CAPTION + 21, { fontSize: 11, fill: theme.softInk }),
  ];
}

/** Rectangles, one for each run of equal pixels in a row, so that the file stays small. */
function runs({ width, height, values }: Picture, { left, top }: Place): object[] {
  const colourAt = (row: number, column: number) => hex(values, 3 * (row * width + column));
  const rectangles: object[] = [];
  for (let row = 0; row < height; row++) {
    for (let start = 0, end = 1; start < width; start = end, end++) {
      const fill = colourAt(row, start);
      while (end < width && colourAt(row, end) === fill) end++;
      const shape = { x: left + start * CELL, y: top + row * CELL, width: (end - start) * CELL, height: CELL };
      rectangles.push({ type: "rect", silent: true, shape, style: { fill } });
    }
  }
  return rectangles;
}

function hex(values: ArrayLike<number>, at: number): string {
  const channel = (value: number) =>
    Math.round(255 * Math.min(1, Math.max(0, value)))
      .toString(16)
      .padStart(2, "0");
  return `#${channel(values[at]!)}${channel(values[at + 1]!)}${channel(values[at + 2]!)}`;
}
