// What benches say of coverage: a summary over cells, and JSON with a line for each of them.

/** @param {ArrayLike<number>} values */
export const meanOf = (values) => Array.from(values).reduce((sum, x) => sum + x, 0) / values.length;

/** @param {number} x */
export const percent = (x) => Number((100 * x).toFixed(1));

/** @param {{ cover: number, width: number }[]} part */
export function summary(part) {
  const cover = part.map((cell) => cell.cover).sort((a, b) => a - b);
  return {
    least: cover[0],
    mean: Number(meanOf(cover).toFixed(1)),
    most: cover.at(-1),
    within93to97: cover.filter((c) => c >= 93 && c <= 97).length,
    below92: cover.filter((c) => c < 92).length,
    width: Number(meanOf(part.map((cell) => cell.width)).toFixed(4)),
  };
}

/** @param {object} head @param {object[]} summaries @param {object[]} cells */
export function coverageJson(head, summaries, cells) {
  /** @param {object[]} list */
  const lines = (list) => `[\n${list.map((row) => `    ${JSON.stringify(row)}`).join(",\n")}\n  ]`;
  const first = Object.entries(head).map(([name, value]) => `  "${name}": ${JSON.stringify(value)},\n`);
  return `{\n${first.join("")}  "summaries": ${lines(summaries)},\n  "cells": ${lines(cells)}\n}`;
}
