// The exercises of the chapter on ridge regression.

import { dropoutRidge, featureSquares } from "hadamask/theory";
import { choiceTask, numberTask, reachTask } from "../../learn/task.js";
import { ridgePaths, type State } from "./model.js";

const ONE = { x: [[3], [4]], y: [6, 8] };

export const TASKS = {
  penalty: numberTask(featureSquares(ONE.x)[0]! * (0.2 / 0.8), 0.005),
  weight: numberTask(dropoutRidge(ONE, { rate: 0.2 })[0]!, 0.005),
  same: reachTask<State>("ridge", (state) => state.rate >= 0.2 && ridgePaths(state).distance < 1e-6),
  units: choiceTask("ridge", "dropout", "both"),
};
