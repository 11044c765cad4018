// The exercises of the chapter on other masks.

import { normalCdf, outputMoments, sharedOutputMoments } from "hadamask/theory";
import { choiceTask, numberTask, reachTask } from "../../learn/task.js";
import type { State } from "./model.js";

const noise = { mean: 1, variance: 1 };
const ones = Array(9).fill(1);
const variance = (covariance: Float64Array) => covariance.reduce((sum, v) => sum + v, 0);

export const TASKS = {
  shared: numberTask(
    variance(sharedOutputMoments(ones, noise).covariance) / variance(outputMoments(ones, noise).covariance),
    0.01,
  ),
  negative: numberTask(normalCdf(-1), 0.006),
  tied: choiceTask("sequence", "units", "steps"),
  noise: reachTask<State>("gallery", ({ group, rate }) => group === "noise" && Math.abs(rate - 0.5) < 0.011),
};
