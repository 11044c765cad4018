// The exercises of the chapter on scaling.

import { bernoulliMultiplier, coefficientOfVariation } from "hadamask/theory";
import { choiceTask, numberTask, reachTask } from "../../learn/task.js";
import { type State, scaling } from "./model.js";

export const TASKS = {
  variance: numberTask(bernoulliMultiplier({ rate: 0.2 }).variance * 3 ** 2, 0.005),
  honest: reachTask<State>("scale", (state) => {
    const { mean, test } = scaling(state);
    return state.rate > 0 && state.rule !== "inverted" && Math.abs(mean - test) < 1e-9;
  }),
  relative: choiceTask(
    coefficientOfVariation({ rate: 0.9 }) > coefficientOfVariation({ rate: 0.1 }) ? "more" : "same",
    "same",
    "less",
  ),
};
