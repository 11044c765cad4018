// Source 004 on PyTorch's stream: what its cells print, in order, after manual_seed(42).
// The transcript was made with PyTorch itself (oracles/sources_torch.py); here the same masks come without it.

import { Dropout } from "hadamask";
import { torchCpu } from "hadamask/streams";
import { tensor } from "./torch-print.js";

const stream = torchCpu(42);
const layer = new Dropout({ rate: 0.6, stream }); // the library's layer, on PyTorch's masks
const ones = new Float32Array(10).fill(1);

console.log("Original input:", tensor(ones));
console.log("Training output:", tensor(layer.forward(ones)));
layer.eval();
console.log("Inference output:", tensor(layer.forward(ones)));
console.log("Corrected: the source says that inference multiplies by 0.4; nn.Dropout returns its input (E-004-1).");

const x = stream.randn(5); // takes its words from the same generator, between the two masks
layer.train();
layer.forward(x);
console.log("Input gradients:", tensor(layer.backward(new Float32Array(5).fill(1))));
console.log("The source has no seed; these are its cells in order after manual_seed(42) (E-004-9).");
