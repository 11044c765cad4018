// What other libraries' dropout does, as formulas of theirs written down in references/, beside what it should do and
// what this library does. Each was seen in the released package named in its place; packages/hadamask/test/unit/tfjs
// runs TensorFlow.js itself.

import { dropBlocks, eightBits, repeatedMasks, selfLoops } from "./references/masks.js";
import { alphaSign, attentionWeights, brainScale, convNetScale, oneStochasticPass } from "./references/means.js";
import { burnAtOne, crashAtOne, nanGradient, rateOne } from "./references/rate-one.js";
import { type Claim, rowsOf } from "./row.js";

const { corrected } = rowsOf("references");

/** Rows R-1 …: the references' formulas that can be computed here. */
export const references: readonly Claim[] = [
  corrected(
    "R-1",
    "TensorFlow.js 4.22, layers.alphaDropout",
    "Inputs of mean 0 and variance 1 keep both",
    "The dropped value has the wrong sign there: at rate 0.5 the mean becomes +1.56",
    alphaSign,
  ),
  corrected(
    "R-2",
    "TensorFlow.js 4.22, dropout with a seed",
    "A seed makes dropout reproducible",
    "It seeds anew at every call, so it repeats one mask; a seed and a step give masks that vary and can be repeated",
    repeatedMasks,
  ),
  corrected(
    "R-3",
    "TensorFlow.js 4.22, layers.dropout",
    "Rates from 0 to 1 are allowed",
    "At rate 1 (and for NaN, 5, -1) it does nothing; rate 1 drops everything, and rates outside [0, 1] are errors",
    rateOne,
  ),
  corrected(
    "R-4",
    "torchvision 0.29, timm 1.0, DropBlock",
    "The rate is the share of the map that is dropped",
    "Their seeds ignore overlaps and edges: 0.36 for 0.5, 0.93 for 0.1; the density of seeds has to be solved for",
    dropBlocks,
  ),
  corrected(
    "R-5",
    "PyTorch Geometric 2.8, dropout_edge(force_undirected)",
    "Both directions of an edge are kept or dropped together",
    "Self-loops come back twice; a self-loop is one edge",
    selfLoops,
  ),
  corrected(
    "R-6",
    "brain.js, dropout layer",
    "Prediction scales for what training drops",
    "It multiplies by the rate of dropping; without scaling in training prediction has to multiply by 1 - rate",
    brainScale,
  ),
  corrected(
    "R-7",
    "FlashAttention 2, dropout",
    "The rate can be any number in [0, 1)",
    "It is rounded to 1/256 while the scale is not: 0.39 % for 0.01 %, and 17 % too much output at 0.99",
    eightBits,
  ),
  corrected(
    "R-8",
    "Keras 3.15, AlphaDropout(1.0) and GaussianDropout(1.0)",
    "Rate 1 is accepted",
    "It divides by 0 in the first training call; the limit is +0 everywhere, with gradient +0",
    crashAtOne,
  ),
  corrected(
    "R-9",
    "Equinox, the formula of Dropout at p = 1",
    "The output is 0",
    "It is, but its gradient is 0 / 0; both have to be +0",
    nanGradient,
  ),
  corrected(
    "R-10",
    "PyTorch 2.13, nn.MultiheadAttention in training",
    "The returned attention weights are the weights",
    "They are the weights after dropout, whose rows do not sum to 1; those before it do",
    attentionWeights,
  ),
  corrected(
    "R-11",
    "ConvNetJS, DropoutLayer",
    "Prediction scales for what training drops",
    "It multiplies by drop_prob, the rate of dropping; training does not scale, so prediction has to multiply by " +
      "1 - drop_prob. The two agree at 0.5 only, its default",
    convNetScale,
  ),
  corrected(
    "R-12",
    "burn, Dropout with prob 1",
    "Rate 1 is accepted and drops everything",
    "It multiplies the mask by 1 / (1 - prob): 0 times infinity is NaN; the limit is +0 everywhere",
    burnAtOne,
  ),
  corrected(
    "R-13",
    "Gal and Ghahramani 2016, their code's UCI results",
    "The error called standard is that of the network without dropout",
    "It is that of one stochastic pass: above the error of the mean of the passes by their variance, and no " +
      "deterministic prediction",
    oneStochasticPass,
  ),
];
