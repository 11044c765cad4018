// Source 002, its text and its forward pass (1 to 3.1). It calls both the rate and the probability of keeping p; here
// they are `rate` and `keep`. Its backward pass: source-002-backward.ts.

import { type Claim, rowsOf } from "../row.js";
import { connectionsAndUnits, learnedMask, maskShapes, weightMasks } from "./drop-connect.js";
import * as forward from "./forward.js";

const { holds, corrected, noted } = rowsOf("002");

export const source002: readonly Claim[] = [
  noted("S2-01", "header", "Line of attribution"),
  corrected(
    "S2-02",
    "1",
    "Dropout disconnects the weights of some nodes in training",
    "Dropout zeroes units; DropConnect zeroes single weights",
    connectionsAndUnits,
  ),
  noted(
    "S2-03",
    "1",
    "Proposed by Hinton et al., Improving neural networks by preventing co-adaptation of feature detectors (2012, " +
      "arXiv:1207.0580)",
  ),
  noted(
    "S2-04",
    "1",
    "ResNet, ARNet and deep belief networks are based on dropout",
    "ResNet uses none (He et al. 2016), deep belief networks precede it (Hinton, Osindero and Teh 2006); ARNet as " +
      "described is unknown",
  ),
  holds(
    "S2-05",
    "2.1",
    "Random deactivation is a regulariser: it lowers the complexity of the model",
    forward.regulariser,
  ),
  corrected(
    "S2-06",
    "2.2",
    "The rate is usually 0.5 to 0.7; larger is more robust, and trains longer",
    "Those are usual values of keep; strength grows with the rate, but the test error is U-shaped. Longer " +
      "training is right",
    forward.moreIsNotBetter,
  ),
  corrected(
    "S2-07",
    "2.3",
    "A mask value of 1 multiplies its element by keep",
    "In training a kept element is left as it is (classic) or divided by keep (inverted); times keep is for the test",
    forward.timesKeep,
  ),
  corrected(
    "S2-08",
    "2.3",
    "The mask differs in every batch because a GPU cannot control it",
    "It differs by design; from one key it repeats exactly",
    forward.seeded,
  ),
  corrected(
    "S2-09",
    "2.4",
    "DropConnect keeps the parameters of dropped units",
    "It drops single weights, with a fresh mask for each example; both methods keep all parameters",
    weightMasks,
  ),
  corrected(
    "S2-10",
    "2.4",
    "In DropConnect a learnable mask joins two units",
    "Its mask is random; a learned mask is another method, concrete noise on the weights",
    learnedMask,
  ),
  corrected(
    "S2-11",
    "3",
    "For each batch: a mask of p x 1, times the input, times p",
    "A mask of the input's shape, and no factor keep in training",
    () => [...forward.timesKeep(), ...maskShapes()],
  ),
  corrected(
    "S2-12",
    "3",
    "Batch 4, 2 inputs, 3 units: a mask and an output of shape [4, 2, 1, 3]",
    "Masks [4, 2] on the input, [4, 3] on the units, [4, 2, 3] on the weights (DropConnect); outputs [4, 3]",
    maskShapes,
  ),
  holds("S2-13", "3, code", "A function of an array [samples, features], options and a mode", forward.functional),
  corrected(
    "S2-14",
    "3, code",
    "Two keys, the probability of dropping and that of keeping",
    "One of the two: the other follows, and both at once are refused",
    forward.oneProbability,
  ),
  corrected("S2-15", "3, code", "Training multiplies by mask * rate / keep", "By mask / keep", forward.trainScale),
  corrected(
    "S2-16",
    "3, code",
    "Eval multiplies by a random mask",
    "Eval is the identity (inverted) or times keep (classic), and draws nothing",
    forward.evalIsFixed,
  ),
  corrected(
    "S2-17",
    "3, code",
    "Mode sgld does what eval does",
    "A stochastic pass at prediction keeps the mask and the scale, and can be differentiated; SGLD itself is an " +
      "optimiser",
    forward.sampleMode,
  ),
  corrected(
    "S2-18",
    "3, code",
    "For mode test the rate is set to 1: no dropout",
    "No dropout is rate 0; a mode that is not documented is an error",
    () => [...forward.noDropout(), ...forward.modes()],
  ),
  corrected(
    "S2-19",
    "3, code",
    "The mask is rand(shape) < keep_prob",
    "The comparison is right; the name is never defined, so that every call fails",
    forward.comparison,
  ),
  corrected(
    "S2-20",
    "3, code",
    "X is multiplied in place; only X is returned",
    "The input stays as it is; the mask of the pass can be drawn again for the gradient",
    forward.pure,
  ),
  corrected(
    "S2-21",
    "3.1",
    "Forward: draw the mask, drop, multiply by keep",
    "Without the last factor, or divided by keep",
    forward.timesKeep,
  ),
  corrected(
    "S2-22",
    "3.1",
    "Backward: only the gradients of dropped units are updated, divided by keep",
    "Reversed: kept units get dy / keep, dropped ones 0",
    forward.keptGradients,
  ),
];
