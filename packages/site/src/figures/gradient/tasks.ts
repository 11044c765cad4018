// The exercises of the chapter on the gradient.

import { expectedGradient } from "hadamask/theory";
import { choiceTask, numberTask, reachTask } from "../../learn/task.js";
import { gradients, type State } from "./model.js";

const square = expectedGradient([3], (y) => y.map((value) => 2 * value), { rate: 0.5 });

export const TASKS = {
  square: numberTask(square.expected[0]!, 0.01),
  zero: reachTask<State>("slope", (state) => {
    const { clean, expected } = gradients(state).gradient;
    return state.loss === "square" && clean[0]! < -0.05 && expected[0]! > 0.05;
  }),
  linear: choiceTask("linear", "small", "never"),
};
