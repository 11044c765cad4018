// The exercises of the first chapter.

import { choiceTask, reachTask } from "../../learn/task.js";
import type { State } from "./model.js";

export const TASKS = {
  overfit: reachTask<State>("overfit", (state) => state.steps >= 300 && state.flipped >= 0.1),
  clean: reachTask<State>("overfit", (state) => state.steps >= 300 && state.flipped === 0 && state.points >= 150),
  sign: choiceTask("gap", "loss", "slow"),
};
