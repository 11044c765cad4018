// Ten digits as somebody might write them: strokes of a pen, for whoever has no hand free to draw.

import { EDGE, type Ink, inkLine, noInk, type Spot } from "./ink.js";

/** Strokes; places in [0, 1] from the left and from the top. */
type Strokes = readonly (readonly Spot[])[];

/** Part of an ellipse, angles in turns, from the right downwards. */
function arc(x: number, y: number, width: number, height: number, from: number, to: number): Spot[] {
  const count = Math.ceil(Math.abs(to - from) * 24);
  return Array.from({ length: count + 1 }, (_, i) => {
    const turn = 2 * Math.PI * (from + ((to - from) * i) / count);
    return [x + (width / 2) * Math.cos(turn), y + (height / 2) * Math.sin(turn)];
  });
}

const DIGITS: readonly Strokes[] = [
  [arc(0.5, 0.5, 0.5, 0.8, 0, 1)],
  [
    [
      [0.36, 0.28],
      [0.54, 0.1],
      [0.54, 0.9],
    ],
  ],
  [[...arc(0.48, 0.3, 0.44, 0.4, 0.5, 1.08), [0.28, 0.88], [0.76, 0.88]]],
  [[...arc(0.45, 0.3, 0.44, 0.38, 0.55, 1.2), ...arc(0.45, 0.69, 0.5, 0.42, 0.8, 1.45)]],
  [
    [
      [0.5, 0.1],
      [0.24, 0.6],
      [0.78, 0.6],
    ],
    [
      [0.64, 0.36],
      [0.6, 0.92],
    ],
  ],
  [[[0.72, 0.1], [0.34, 0.1], [0.3, 0.45], ...arc(0.46, 0.66, 0.5, 0.46, 0.72, 1.45)]],
  [[[0.6, 0.08], [0.36, 0.42], ...arc(0.5, 0.68, 0.42, 0.44, 0.5, 1.52)]],
  [
    [
      [0.26, 0.12],
      [0.74, 0.12],
      [0.44, 0.9],
    ],
    [
      [0.36, 0.5],
      [0.7, 0.5],
    ],
  ],
  [arc(0.5, 0.3, 0.36, 0.38, 0, 1), arc(0.5, 0.7, 0.42, 0.42, 0, 1)],
  [
    arc(0.48, 0.32, 0.4, 0.42, 0, 1),
    [
      [0.68, 0.34],
      [0.6, 0.92],
    ],
  ],
];

/** The ink of an example. */
export function exampleOf(digit: number): Ink {
  const place = ([x, y]: Spot): Spot => [x * (EDGE - 1), y * (EDGE - 1)];
  let ink = noInk();
  for (const stroke of DIGITS[digit]!) {
    for (let i = 1; i < stroke.length; i++) ink = inkLine(ink, place(stroke[i - 1]!), place(stroke[i]!));
  }
  return ink;
}
