// Predictions with several distributions a row: pixels, tokens, anchors. Passes are added up, none is copied.

import { PositionCounter, type PositionStatistics } from "hadamask/uncertainty";
import { distributionsOf, positionsOf, toProbabilities } from "../answers/to-probabilities.js";
import type { PredictionBuilder, PredictionPlan } from "./prediction-builder.js";

export function buildPositions({ columns, sampleIds, answer, targets }: PredictionPlan): PredictionBuilder {
  const rows = sampleIds.length;
  const { count: perRow, size, inner, classes } = distributionsOf(answer)!;
  const maps: (PositionStatistics | undefined)[] = new Array<undefined>(rows).fill(undefined);
  const samples = new Int32Array(rows);
  const predicted = new Int32Array(rows * perRow).fill(-1);
  const maxProbability = new Float32Array(rows * perRow).fill(Number.NaN);
  const targetsOf = (row: number): Int32Array =>
    Int32Array.from({ length: perRow }, (_, p) => targets![row * perRow + p]!);
  const known = (): { readonly targetProbability?: Float32Array } =>
    targets === undefined ? {} : { targetProbability: new Float32Array(rows * perRow).fill(Number.NaN) };
  const [mine, plain] = [known(), known()];
  const input = answer.scale === "logits" ? "logits" : "probabilities";
  const isLast = inner === 1;
  const counter = new PositionCounter({
    positions: perRow,
    classes: size,
    classAxis: isLast ? "last" : "first",
    input,
  });
  const isFirst = inner === perRow;
  const own = new Float64Array(classes);
  /** Where number k of position p is in a row. */
  const at = (p: number, k: number): number => (Math.floor(p / inner) * size + k) * inner + (p % inner);
  const arranged = isLast || isFirst ? undefined : new Float64Array(columns);
  return {
    prediction: {
      kind: "positions",
      rows,
      classes,
      positions: positionsOf(answer),
      samples,
      maps,
      answer,
      sampleIds,
      ...mine,
      deterministic: { predicted, maxProbability, ...plain },
    },
    setDeterministic(row, answers) {
      for (let r = 0; r * columns < answers.length; r++) {
        for (let p = 0; p < perRow; p++) {
          for (let k = 0; k < size; k++) own[k] = answers[r * columns + at(p, k)]!;
          toProbabilities(own, size, answer.scale);
          let best = 0;
          for (let k = 1; k < classes; k++) if (own[k]! > own[best]!) best = k;
          const place = (row + r) * perRow + p;
          predicted[place] = best;
          maxProbability[place] = own[best]!;
          if (plain.targetProbability !== undefined) plain.targetProbability[place] = own[targets![place]!]!;
        }
      }
    },
    fill(row, { count, pass }) {
      counter.reset();
      for (let t = 0; t < count; t++) {
        const numbers = pass(t);
        if (arranged === undefined) counter.add(numbers);
        else {
          // classes between two axes of positions: put first
          for (let p = 0; p < perRow; p++) for (let k = 0; k < size; k++) arranged[k * perRow + p] = numbers[at(p, k)]!;
          counter.add(arranged);
        }
      }
      maps[row] = counter.statistics();
      mine.targetProbability?.set(counter.probabilityOf(targetsOf(row)), row * perRow);
      samples[row] = count;
    },
  };
}
