// What is drawn: a square of cells with or without ink, and how the data set's makers would have counted it. Knows no
// network and no page.

import type { Field } from "../../state/fields.js";

/** Cells along an edge of the square, and of the picture that the network sees. */
export const EDGE = 32;
export const PIXELS = 8;

/** One byte a cell, row by row: 1 is ink. */
export type Ink = Uint8Array;

export const noInk = (): Ink => new Uint8Array(EDGE * EDGE);

/** Cells around the pen that it inks. */
const RADIUS = 1.8;

/** Inks the way of a pen; cells are at whole numbers. Returns a copy. */
export function inkLine(ink: Ink, [x0, y0]: Spot, [x1, y1]: Spot): Ink {
  const next = ink.slice();
  const steps = Math.max(1, Math.ceil(2 * Math.hypot(x1 - x0, y1 - y0)));
  for (let s = 0; s <= steps; s++) {
    const [x, y] = [x0 + ((x1 - x0) * s) / steps, y0 + ((y1 - y0) * s) / steps];
    for (let row = Math.ceil(y - RADIUS); row <= y + RADIUS; row++) {
      for (let column = Math.ceil(x - RADIUS); column <= x + RADIUS; column++) {
        if (Math.hypot(column - x, row - y) > RADIUS || !isCell(column) || !isCell(row)) continue;
        next[row * EDGE + column] = 1;
      }
    }
  }
  return next;
}

export type Spot = readonly [x: number, y: number];

const isCell = (place: number): boolean => place >= 0 && place < EDGE;

/** A quarter turn to the right. */
export const turned = (ink: Ink): Ink => ink.map((_, i) => ink[(EDGE - 1 - (i % EDGE)) * EDGE + Math.floor(i / EDGE)]!);

/** Squares along a cell's edge at which a picture of another size is looked at. */
const LOOKS = 4;

/**
 * Counts of ink in 8 x 8 squares, 0 to 16, as the data set has them: what is drawn is brought to 32 x 32 cells first,
 * its longer side from edge to edge, and the ink in each 4 x 4 of them is counted.
 */
export function pixelsOf(ink: Ink): Float64Array {
  const pixels = new Float64Array(PIXELS * PIXELS);
  const box = boxOf(ink);
  if (box === undefined) return pixels;
  const size = Math.max(box.right - box.left, box.bottom - box.top);
  const [left, top] = [(box.left + box.right - size) / 2, (box.top + box.bottom - size) / 2];
  const square = EDGE / PIXELS;
  for (let row = 0; row < EDGE; row++) {
    for (let column = 0; column < EDGE; column++) {
      const share = shareOf(ink, left + (column / EDGE) * size, top + (row / EDGE) * size, size / EDGE);
      pixels[Math.floor(row / square) * PIXELS + Math.floor(column / square)]! += share;
    }
  }
  return pixels.map(Math.round);
}

/** The share of ink in the square from (x, y) on. */
function shareOf(ink: Ink, x: number, y: number, edge: number): number {
  let found = 0;
  for (let i = 0; i < LOOKS; i++) {
    for (let j = 0; j < LOOKS; j++) {
      const column = Math.floor(x + ((i + 0.5) / LOOKS) * edge);
      const row = Math.floor(y + ((j + 0.5) / LOOKS) * edge);
      if (isCell(column) && isCell(row)) found += ink[row * EDGE + column]!;
    }
  }
  return found / LOOKS ** 2;
}

/** Around all ink, ends not in it; undefined where there is none. */
function boxOf(ink: Ink): { left: number; right: number; top: number; bottom: number } | undefined {
  const inked = [...ink.keys()].filter((i) => ink[i] === 1);
  if (inked.length === 0) return undefined;
  const [columns, rows] = [inked.map((i) => i % EDGE), inked.map((i) => Math.floor(i / EDGE))];
  return {
    left: Math.min(...columns),
    right: Math.max(...columns) + 1,
    top: Math.min(...rows),
    bottom: Math.max(...rows) + 1,
  };
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BITS = 6;
const LENGTH = Math.ceil((EDGE * EDGE) / BITS);

/** Ink in an address: six cells a letter, letters without ink at the end left out. */
export const inkField = (start: Ink): Field<Ink> => ({
  start,
  print: (ink) =>
    Array.from({ length: LENGTH }, (_, l) => {
      const cells = Array.from({ length: BITS }, (_, b) => ink[l * BITS + b] ?? 0);
      return LETTERS[cells.reduce((value, cell) => 2 * value + cell, 0)]!;
    })
      .join("")
      .replace(/A+$/, ""),
  parse(text) {
    if (text.length > LENGTH || [...text].some((letter) => !LETTERS.includes(letter))) return undefined;
    const ink = noInk();
    [...text].forEach((letter, l) => {
      const value = LETTERS.indexOf(letter);
      for (let b = 0; b < BITS && l * BITS + b < ink.length; b++) ink[l * BITS + b] = (value >> (BITS - 1 - b)) & 1;
    });
    return ink;
  },
});
