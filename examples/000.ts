// Source 000, in its order: the formulas forward and back, the example, the class, the expectations.
// Its p is the probability of keeping, "usually 0.5 or 0.7"; here that is `keep`, and `rate` is 1 - keep.

import { Dropout, dropout, dropoutBackward, key } from "hadamask";
import { expectation, expectedVector } from "hadamask/theory";

const show = (values: Iterable<number>): string => `[${[...values].map((v) => Number(v.toPrecision(6))).join(", ")}]`;

console.log("Forward");
const x = [2, 4, 6];
const mask = [1, 0, 1];
console.log("  training  Y = M * X / keep =", show(dropout(x, { keep: 0.5, mask })));
console.log("  test      Y = X            =", show(dropout(x, { keep: 0.5, mode: "eval" })));

console.log("\nBackward");
const dy = [0.1, 0.2, 0.3];
console.log("  training  dL/dX = M * dL/dY / keep =", show(dropoutBackward(dy, { keep: 0.5, mask })));
console.log("  test      dL/dX = dL/dY            =", show(dropoutBackward(dy, { keep: 0.5, mode: "eval" })));
console.log('  corrected: that is not "the same as a fully connected layer", which would multiply by its weights');

console.log("\nWhat it is for: variance of the output over all masks");
const varianceOf = (mode: "train" | "eval"): number => {
  const y = (m: Uint8Array) => dropout([4], mode === "eval" ? { keep: 0.5, mode } : { keep: 0.5, mask: m })[0]!;
  const mean = expectation({ n: 1, keep: 0.5 }, y);
  return expectation({ n: 1, keep: 0.5 }, (m) => (y(m) - mean) ** 2);
};
console.log(`  training  ${varianceOf("train")} for x = 4: random`);
console.log(`  test      ${varianceOf("eval")}: stable`);

console.log("\nThe class");
const layer = new Dropout({ keep: 0.5, key: key(0) });
console.log("  forward, training   ", show(layer.forward(x)));
console.log("  backward            ", show(layer.backward(dy)), "the same mask");
layer.eval();
console.log("  forward, test       ", show(layer.forward(x)));
console.log("  backward            ", show(layer.backward(dy)));
console.log("  corrected: the source's backward multiplies by the old training mask here, or by None");
console.log("  keep 0              ", show(new Dropout({ keep: 0, key: key(0) }).forward(x)));
console.log("  corrected: the source divides 0 by 0 here");

console.log("\nExpectations, over all masks");
const bits = { n: 3, keep: 0.5 };
const forward = expectedVector(bits, (m) => dropout(x, { keep: 0.5, mask: m }));
console.log("  E[Y]     =", show(forward), "= X: holds");
const backward = expectedVector(bits, (m) => dropoutBackward(dy, { keep: 0.5, mask: m }));
console.log("  E[dL/dX] =", show(backward), "= dL/dY: holds while dL/dY does not depend on the mask");

// L = y^2: dL/dY = 2Y depends on it.
const gradientOfSquare = expectation({ n: 1, keep: 0.5 }, (m) => {
  const options = { keep: 0.5, mask: m };
  return dropoutBackward([2 * dropout([3], options)[0]!], options)[0]!;
});
const upstream = expectation({ n: 1, keep: 0.5 }, (m) => 2 * dropout([3], { keep: 0.5, mask: m })[0]!);
console.log(`  L = Y^2, X = 3: E[dL/dX] = ${gradientOfSquare}, E[dL/dY] = ${upstream}`);
console.log("  corrected: for a loss that is not linear in Y the two differ; E[dL/dX] is the gradient of E[L]");
