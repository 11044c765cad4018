// The port of docs/porting.md: a network that was trained in PyTorch, trained again from its seed. Prints the loss of
// each step.

import { Dropout } from "hadamask";
import { torchCpu } from "hadamask/streams";
import { STEPS, startFrom, trainStep } from "./port-network.js";

const stream = torchCpu(2026); // torch.manual_seed(2026)
const problem = startFrom(stream); // nn.Linear(12, 16), nn.Linear(16, 4), torch.rand(32, 12)
const dropouts = { input: new Dropout({ rate: 0.2, stream }), hidden: new Dropout({ rate: 0.5, stream }) };

for (let step = 0; step < STEPS; step++) {
  const { loss } = trainStep(problem, dropouts);
  console.log(`step ${String(step).padStart(2)}  loss ${loss.toFixed(6)}`);
}
