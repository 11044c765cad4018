// Runs whose losses are no longer numbers: nothing can be said of such a run.

import type { TrainedRun } from "@hadamask/experiments";

/** From which epoch on, counted from 1; undefined where all is well. */
export function divergedFrom({ trainLoss, epochs, testNll }: TrainedRun): number | undefined {
  const tested = new Map(epochs.map((epoch, i) => [epoch, testNll[i]!]));
  const epoch = trainLoss.findIndex((loss, e) => !Number.isFinite(loss) || !Number.isFinite(tested.get(e + 1) ?? 0));
  return epoch < 0 ? undefined : epoch + 1;
}
