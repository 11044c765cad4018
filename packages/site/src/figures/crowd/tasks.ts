// The exercises of the chapter on submodels.

import { enumerateMasks } from "hadamask/theory";
import { choiceTask, numberTask, reachTask } from "../../learn/task.js";
import { pictures, type State } from "./model.js";

let count = 0;
let likeliest = 0;
enumerateMasks({ n: 10, rate: 0.2 }, (_, weight) => {
  count += 1;
  likeliest = Math.max(likeliest, weight);
});

export const TASKS = {
  count: numberTask(count, 0),
  likeliest: numberTask(likeliest, 0.0006),
  exact: reachTask<State>("crowd", (state) => {
    if (state.rate < 0.1 || state.depth !== "two") return false;
    return pictures(state).farthest.geometric > 0.05;
  }),
  mean: choiceTask("weighted", "plain", "any"),
};
