// Source 001 on PyTorch's stream: what its three programs really print under seed 42.
// The transcript was made with PyTorch itself (oracles/sources_torch.py); here the same masks come without it.

import { unpackMask } from "hadamask";
import { torchCpu } from "hadamask/streams";
import { signed, tensor } from "./torch-print.js";

const LINE = "=".repeat(60);
const p = 0.5; // PyTorch's p, the probability of dropping
const x = Float32Array.of(2, 4, 6, 8);
const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0);
const difference = (a: Float32Array, b: Float32Array): number => sum(a.map((value, i) => Math.abs(value - b[i]!)));

/** The source's mask: `(torch.rand_like(x) > p).float()`. */
const maskByHand = (u: Float32Array): Float32Array => u.map((value) => Number(value > p));
/** The source's product: `x * mask / (1 - p)`, from left to right. */
const drop = (values: Float32Array, mask: Float32Array): Float32Array => values.map((v, i) => (v * mask[i]!) / (1 - p));

function manualBackward(): void {
  console.log(`${LINE}\nDropout, forward and backward, on PyTorch's stream\n${LINE}`);
  const mask = maskByHand(torchCpu(42).randLike(x));
  console.log(`\nInput x\n${tensor(x)}`);
  console.log(`\nMask (1 = kept, 0 = dropped)\n${tensor(mask)}`);
  const y = drop(x, mask);
  console.log(`\nForward: y = x * mask / (1-p)\n${tensor(y)}`);
  console.log(`\nLoss: L = sum(y) = ${sum(y).toFixed(1)}`);
  const dy = new Float32Array(4).fill(1); // because L = sum(y)
  const dx = dy.map((g, i) => (g / (1 - p)) * mask[i]!); // backwards through the division, then the product
  console.log(`\nBackward: dL/dx\n${tensor(dx)}`);
  const byHand = drop(dy, mask);
  console.log(`\nBy hand: dL/dy * mask / (1-p)\n${tensor(byHand)}`);
  console.log(`\nDifference: ${difference(dx, byHand).toFixed(1)}`);
  console.log(`\n${LINE}\nElement by element\n${LINE}`);
  x.forEach((value, i) => {
    const m = mask[i]!;
    console.log(`\nElement ${i}`);
    console.log(`  x[${i}] = ${value.toFixed(1)}`);
    console.log(`  mask[${i}] = ${m}`);
    console.log(`  y[${i}] = x[${i}] * mask[${i}] / (1-p) = ${value.toFixed(1)} * ${m} / 0.5 = ${y[i]!.toFixed(1)}`);
    console.log(`  dL/dy[${i}] = 1.0`);
    console.log(`  dL/dx[${i}] = dL/dy[${i}] * mask[${i}] / (1-p) = 1.0 * ${m} / 0.5 = ${dx[i]!.toFixed(1)}`);
  });
  console.log(
    "\nCorrected: the source prints the mask [1, 0, 1, 0], the loss 16 and the gradient [2, 0, 2, 0] here (E-001-1).",
  );
}

function compareWithPytorch(): void {
  console.log(`\n${LINE}\nA layer by hand against nn.Dropout, each after manual_seed(42)\n${LINE}`);
  const mask = maskByHand(torchCpu(42).randLike(x));
  const theirs = Float32Array.from(unpackMask(torchCpu(42).keepMask(4, { rate: p }), 4));
  const dy = new Float32Array(4).fill(1);
  console.log(`\nOutput, by hand\n${tensor(drop(x, mask))}`);
  console.log(`\nOutput, nn.Dropout\n${tensor(torchCpu(42).dropout(x, { rate: p }))}`);
  console.log(`\nGradient, by hand\n${tensor(drop(dy, mask))}`);
  console.log(`\nGradient, nn.Dropout\n${tensor(drop(dy, theirs))}`);
  console.log(`\nDifference\n${difference(drop(dy, mask), drop(dy, theirs)).toFixed(1)}`);
  console.log(
    "\nCorrected: the source says that the two agree (E-001-2). One takes a word an element and keeps above p,",
  );
  console.log("the other takes two words an element and keeps below 1 - p.");
}

function gradientFlow(): void {
  console.log(`\n${LINE}\nThe numbers of the figure: L = sum(y^2), seed 42\n${LINE}\n`);
  const stream = torchCpu(42);
  const inputs = stream.randn(10);
  const u = stream.rand(10); // the stream goes on where randn stopped
  const mask = maskByHand(u);
  const y = drop(inputs, mask);
  const dx = y.map((value, i) => ((2 * value) / (1 - p)) * mask[i]!);
  console.log(" i          x         u  mask          y      dL/dx");
  inputs.forEach((value, i) => {
    const [cx, cy, cg] = [value, y[i]!, dx[i]!].map((v) => signed(v, 6).padStart(10));
    console.log(`${String(i).padStart(2)} ${cx}  ${u[i]!.toFixed(6)}     ${mask[i]} ${cy} ${cg}`);
  });
  console.log(`\nL = ${sum(y.map((value) => value * value)).toFixed(6)}`);
}

manualBackward();
compareWithPytorch();
gradientFlow();
