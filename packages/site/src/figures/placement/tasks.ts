// The exercises of the chapter on placement.

import { recurrentChain, varianceShift } from "hadamask/theory";
import { choiceTask, numberTask, reachTask } from "../../learn/task.js";
import { findings, hasRate, type State } from "./model.js";

export const TASKS = {
  quiet: reachTask<State>("placement", (state) => {
    const drops = state.network.filter(({ letter, percent }) => hasRate(letter) && percent >= 10);
    const norms = state.network.filter(({ letter }) => letter === "b");
    return drops.length >= 2 && norms.length >= 1 && findings(state).length === 0;
  }),
  shift: numberTask(varianceShift({ mean: 0, variance: 1 }, { rate: 0.2 }).ratio, 0.001),
  tied: numberTask(recurrentChain(5, "tied", { rate: 0.5 }).mean, 0.01),
  order: choiceTask("after", "before", "any"),
};
