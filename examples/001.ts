// Source 001, in its order: its three programs on our own mask stream.
// Its p is the probability of dropping, `rate` here. On PyTorch's stream: hadamask demo 001 --stream torch.

import { Dropout, dropout, dropoutBackward, keepMask, key, normal, unpackMask } from "hadamask";

const LINE = "=".repeat(60);
const show = (values: Iterable<number>): string => `[${[...values].map((v) => Number(v.toPrecision(6))).join(", ")}]`;
const difference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a, (value, i) => Math.abs(value - b[i]!)).reduce((sum, value) => sum + value, 0);

const rate = 0.5;
const keep = 1 - rate;
const x = [2, 4, 6, 8];

/** Program 1: one pass forward and back, then element by element. */
function manualBackward(): void {
  console.log(`${LINE}\nDropout, forward and backward\n${LINE}`);
  const mask = unpackMask(keepMask(x.length, { rate, key: key(42) }), x.length);
  console.log("\nInput x\n", show(x));
  console.log("\nMask (1 = kept, 0 = dropped)\n", show(mask));

  const y = dropout(x, { rate, key: key(42) });
  console.log("\nForward: y = x * mask / keep\n", show(y));
  const loss = y.reduce((sum, value) => sum + value, 0);
  console.log("\nLoss: L = sum(y) =", loss);

  const dy = [1, 1, 1, 1]; // because L = sum(y)
  const dx = dropoutBackward(dy, { rate, key: key(42) });
  console.log("\nBackward: dL/dx\n", show(dx));
  const byHand = dy.map((g, i) => (g * mask[i]!) / keep);
  console.log("\nBy hand: dL/dy * mask / keep\n", show(byHand), "difference", difference(dx, byHand));
  console.log("\nCorrected: the source prints the mask [1, 0, 1, 0] for seed 42; PyTorch gives [1, 1, 0, 1] there.");

  console.log(`\n${LINE}\nElement by element\n${LINE}`);
  for (let i = 0; i < x.length; i++) {
    console.log(`\nElement ${i}`);
    console.log(`  x[${i}] = ${x[i]}`);
    console.log(`  mask[${i}] = ${mask[i]}`);
    console.log(`  y[${i}] = x[${i}] * mask[${i}] / keep = ${x[i]} * ${mask[i]} / ${keep} = ${y[i]}`);
    console.log(`  dL/dy[${i}] = ${dy[i]}`);
    console.log(`  dL/dx[${i}] = dL/dy[${i}] * mask[${i}] / keep = ${dy[i]} * ${mask[i]} / ${keep} = ${dx[i]}`);
    // The source writes "times 2", which is right at rate 0.5 only.
    console.log(
      mask[i] === 1 ? `  kept: gradient times 1/keep = ${1 / keep}` : "  dropped: gradient 0 for this sample",
    );
  }
}

/** A layer written by hand, as the source writes one, against the library's: same key, same step, same mask. */
function compareLayers(): void {
  console.log(`\n${LINE}\nA layer by hand against the library's\n${LINE}`);
  const layer = new Dropout({ rate, key: key(42) });
  const y = layer.forward(x);
  const dx = layer.backward([1, 1, 1, 1]);

  const mask = unpackMask(layer.mask!, x.length);
  const yByHand = x.map((value, i) => (value * mask[i]!) / (1 - rate));
  const dxByHand = [1, 1, 1, 1].map((g, i) => (g * mask[i]!) / (1 - rate));

  console.log("\nOutput, by hand       ", show(yByHand));
  console.log("Output, the layer's   ", show(y));
  console.log("Gradient, by hand     ", show(dxByHand));
  console.log("Gradient, the layer's ", show(dx));
  console.log("Difference            ", difference(y, yByHand) + difference(dx, dxByHand));
  console.log("\nCorrected: in PyTorch the source's layer and nn.Dropout draw different masks from one seed;");
  console.log("the difference there is 2, not 0. Here a key says which mask it is, whoever asks.");
}

/** The numbers of the source's figure. `hadamask explain --x normal:10 --loss sum-of-squares --figure` draws it. */
function gradientFlow(): void {
  console.log(`\n${LINE}\nThe flow of the gradient, L = sum(y^2)\n${LINE}\n`);
  const inputs = normal(10, { key: key(42) });
  const mask = unpackMask(keepMask(10, { rate, key: key(42) }), 10);
  const y = dropout(inputs, { rate, key: key(42) });
  const dx = dropoutBackward(
    y.map((value) => 2 * value),
    { rate, key: key(42) },
  );
  console.log(" i          x  mask          y      dL/dx");
  inputs.forEach((value, i) => {
    const cells = [value, y[i]!, dx[i]!].map((v) => v.toFixed(4).padStart(10));
    console.log(`${String(i).padStart(2)} ${cells[0]}     ${mask[i]} ${cells[1]} ${cells[2]}`);
  });
  const loss = y.reduce((sum, value) => sum + value * value, 0);
  console.log(
    `\nL = ${loss.toFixed(4)}. Kept gradients are 8x; without dropout they would be 2x, their mean over masks is 4x.`,
  );
  console.log("Corrected: so the mean of the gradient is not kept, unless L is linear in y.");
}

manualBackward();
compareLayers();
gradientFlow();
