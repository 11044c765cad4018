// The curves of a sweep: which points belong to one, and which configuration stands at a point. Knows no chart library.

import type { SweptCurve, SweptPoint } from "@hadamask/experiments/charts";
import type { SweepConfig, SweepResult } from "@hadamask/experiments/settings";
import { bestOf } from "@hadamask/experiments/statistics";
import type { Score } from "../scores.js";
import { type Quantity, shown, TITLES } from "../values.js";

/** The values of a quantity, numbers in order of size, others in order of the grid. */
export function placesOf(configs: readonly SweepConfig[], quantity: Quantity): string[] {
  const places = [...new Set(configs.map((config) => shown(config, quantity)))].filter((place) => place !== "");
  return places.every((place) => Number.isFinite(Number(place)))
    ? places.sort((a, b) => Number(a) - Number(b))
    : places;
}

/**
 * A curve for each kind of variant and task. Where other settings were swept as well, a point is the best of them by
 * validation; without validation each combination has a curve of its own.
 */
export function curvesOver(
  quantity: Quantity,
  { configs, swept, validation }: SweepResult,
  score: Score["name"],
): SweptCurve[] {
  const places = placesOf(configs, quantity);
  const kinds = [...new Set(configs.map(({ kind }) => kind))];
  const apart = swept.filter((other) => other !== quantity && (isTask(other) || validation === 0));
  const tasks = [...new Set(configs.map((config) => taskText(config, apart)))];
  const groups = new Map<string, number[]>();
  configs.forEach((config, c) => {
    const parts = [config.kind, ...apart.filter((other) => other !== "variant").map((other) => named(config, other))];
    const title = parts.filter((part) => part !== "").join(", ");
    groups.set(title, [...(groups.get(title) ?? []), c]);
  });
  return [...groups].map(([title, members]): SweptCurve => {
    const first = configs[members[0]!]!;
    const mark = kinds.indexOf(first.kind);
    // Colours tell kinds apart; where there are several tasks, those.
    const colour = tasks.length === 1 ? mark : 1 + tasks.indexOf(taskText(first, apart));
    const isConstant = shown(first, quantity) === "";
    const at = (place: string): number[] => members.filter((c) => shown(configs[c]!, quantity) === place);
    const points = (isConstant ? [""] : places).flatMap((place, p) => {
      const here = at(place);
      const config = validation === 0 ? here[0] : bestOf(configs, here);
      return config === undefined ? [] : [pointOf(configs[config]!, p, score, swept)];
    });
    return { title, colour, mark, points, ...(isConstant && { isConstant }) };
  });
}

const taskText = (config: SweepConfig, apart: readonly Quantity[]): string =>
  apart
    .filter((other) => other !== "variant")
    .map((other) => shown(config, other))
    .join(", ");

const isTask = (quantity: Quantity): boolean => quantity === "data" || quantity === "trainRows";

const named = (config: SweepConfig, quantity: Quantity): string => {
  const value = shown(config, quantity);
  return value === "" || quantity === "data" ? value : `${value} ${TITLES[quantity]}`;
};

function pointOf(config: SweepConfig, at: number, score: Score["name"], swept: readonly Quantity[]): SweptPoint {
  const { mean, ci95 } = config[score]!;
  const about = [
    config.title,
    ...swept.filter((name) => name !== "variant" && name !== "rate").map((name) => named(config, name)),
  ];
  return { at, mean, ...(ci95 && { ci95 }), about: about.filter((part) => part !== "").join(", ") };
}
