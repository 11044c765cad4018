// The commands of `hadamask`, one line each; main registers whatever is exported here. A command is a file that
// exports one function of type Register. What is heavy (engines, charts) it imports when it runs.

export { bench } from "./bench.js";
export { demo } from "./demo.js";
export { doctor } from "./doctor.js";
export { explain } from "./explain.js";
export { inspect } from "./inspect.js";
export { lab } from "./lab.js";
export { mask } from "./mask.js";
export { merge } from "./merge.js";
export { reproduce } from "./reproduce.js";
export { sweep } from "./sweep.js";
export { train } from "./train.js";
export { uncertainty } from "./uncertainty.js";
export { verify } from "./verify.js";
export { worker } from "./worker.js";
