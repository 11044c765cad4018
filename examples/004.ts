// %% [markdown]
// # Dropout, explained: source 004 as a notebook
//
// The cells of the source in its order, with what they print. Its p is the probability of dropping, `rate` here.
// `hadamask demo 004` runs the cells and prints this page.
//
// ## 1. Core concept
//
// - **Training**: drop each unit with probability `rate`, scale the others by `1 / (1 - rate)`.
// - **Inference**: use all units, as they are.
//
// *Corrected*: the source multiplies by `1 - rate` at inference as well. Training has already been scaled: doing both
// makes every activation too small by the factor `1 - rate`, once per layer.
//
// ## 2. The formulas
//
// For an output `a` and a mask `m` that is 1 with probability `1 - rate`, else 0:
//
// - training: `a_train = m * a / (1 - rate)`, with mean `E[a_train] = a`
// - inference: `a_test = a`, so that `E[a_train] = a_test`
//
// *Corrected*: the source's derivation, `a = E[a_test] / (1 - rate)`, is true of its own rule and shows that the rule
// is off.
//
// ## 3. Numbers for rate 0.6

// %%
import { Dropout, dropout, key, normal } from "hadamask";
import { expectation, expectedMoments } from "hadamask/theory";

const rate = 0.6;
const { mean, covariance } = expectedMoments({ n: 1, rate }, (mask) => dropout([1], { rate, mask }));
console.log("kept:", dropout([1], { rate, mask: [1] })[0], "dropped:", dropout([1], { rate, mask: [0] })[0]);
console.log("training, mean and variance over masks:", mean[0], covariance[0]!.toFixed(4));
console.log("inference:", dropout([1], { rate, mode: "eval" })[0]);

// %% [markdown]
// *Corrected*: the source's table gives 0.4 for inference, and its consistency check,
// `2.5 * 0.4 + 0 * 0.6 = 1 = 0.4 / 0.4`, divides by a factor that nothing divides by. The check that matters is
// training mean = inference output.
//
// ## 4. The layer
//
// The source has no seed; a key makes every number below the same on every machine.

// %%
const layer = new Dropout({ rate, key: key(42) });
const ones = new Float32Array(10).fill(1);
console.log("Original input:", ones.join(" "));

// %% [markdown]
// Training: about 60 % of the values are 0, the others 1 / (1 - 0.6) = 2.5.

// %%
console.log("Training output:", layer.forward(ones).join(" "));

const many = layer.forward(new Float32Array(1_000_000).fill(1));
const zeros = many.reduce((count, value) => count + Number(value === 0), 0);
console.log("of a million:", zeros, "zeros, mean", (many.reduce((sum, value) => sum + value, 0) / 1e6).toFixed(4));

// %% [markdown]
// Inference.

// %%
layer.eval();
console.log("Inference output:", layer.forward(ones).join(" "));

// %% [markdown]
// *Corrected*: the source's comment says "all values scaled by 0.4"; its own cell prints ones.
//
// ## 5. Backpropagation
//
// Gradients pass only through kept units, scaled by `1 / (1 - rate)`, with the mask of the forward pass.

// %%
layer.train();
const x = normal(5, { key: key(1) });
const y = layer.forward(x); // loss = sum(y), so dL/dy is 1 everywhere
console.log("Output:", Array.from(y, (value) => value.toFixed(4)).join(" "));
console.log("Input gradients:", layer.backward(new Float32Array(5).fill(1)).join(" "));

// %% [markdown]
// ## 6. What follows from it
//
// - Training with a part of the units at a time asks each to be of use without the others.
// - Scaling keeps the mean of every activation, not its variance.
// - *Corrected*: "inference is equivalent to model averaging" is exact for linear outputs, and for one softmax layer
//   with the geometric mean; otherwise it is an approximation.
//
// ## 7. Special cases
//
// - Input layer: smaller rates, 0.1 to 0.2.
// - With batch normalisation: dropout before it changes the variance that it learns; place it after.
//
// ## 8. Averaging over submodels
//
// `E[y]` is the mean over all masks, each with its probability.

// %%
const w = [0.5, -1, 2];
const a = [1, 2, 3];
const output = (activations: ArrayLike<number>) => w.reduce((sum, weight, i) => sum + weight * activations[i]!, 0);
const meanOverMasks = (scaling: "inverted" | "classic") =>
  expectation({ n: 3, rate }, (mask) => output(dropout(a, { rate, mask, scaling })));
console.log("full model:", output(a));
console.log("mean over masks, scaled:", meanOverMasks("inverted").toFixed(4));
console.log("mean over masks, unscaled:", meanOverMasks("classic").toFixed(4));

// %% [markdown]
// *Corrected*: the source weighs all submodels equally, which is right at rate 0.5 only, and gives
// `y_full * (1 - rate)`: that is the mean without scaling. With the scaling of section 2 the mean is `y_full` itself.
// Both need an output that is linear in the masked units.
