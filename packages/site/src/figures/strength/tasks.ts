// The exercises of the chapter on strength.

import { bernoulliMultiplier } from "hadamask/theory";
import { choiceTask, numberTask, reachTask } from "../../learn/task.js";
import { type State, strength } from "./model.js";

export const TASKS = {
  ratio: numberTask(bernoulliMultiplier({ rate: 0.9 }).variance / bernoulliMultiplier({ rate: 0.1 }).variance, 0.5),
  stronger: choiceTask("ninety", "ten", "equal"),
  useless: reachTask<State>("strength", (state) => strength(state).best[0] <= 0.1),
};
