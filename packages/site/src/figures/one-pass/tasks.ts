// The exercises of chapter 2.

import { dropout } from "hadamask";
import { choiceTask, numberTask, reachTask } from "../../learn/task.js";
import { onePass, type State } from "./model.js";

export const TASKS = {
  scale: numberTask(dropout([4], { rate: 0.2, mask: [1] })[0]!, 0.005),
  three: reachTask<State>(
    "pass",
    (state) => state.mode === "train" && state.seed === 4 && state.flips.length === 0 && onePass(state).kept === 3,
  ),
  gradient: choiceTask("zero", "same", "scaled"),
};
