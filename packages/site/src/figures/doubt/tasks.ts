// The exercises of the chapter on uncertainty.

import { bernoulliMultiplier, linearMoments } from "hadamask/theory";
import { choiceTask, numberTask, reachTask } from "../../learn/task.js";
import { pointsOf, type State } from "./model.js";

export const TASKS = {
  spread: numberTask(linearMoments([2, 1], [[1, 3]], bernoulliMultiplier({ rate: 0.5 })).covariance[0]!, 0.01),
  fill: reachTask<State>(
    "doubt",
    (state) => pointsOf(state).filter(([x]) => Math.abs(x) < 0.7).length >= 3 && state.steps >= 500,
  ),
  sideways: choiceTask("sure", "unsure", "noise"),
};
