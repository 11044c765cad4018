// Source 002, the documentation of its backward pass, which ends before the code begins. Weights are [input][output].

import { type Claim, rowsOf } from "../row.js";
import * as backward from "./backward.js";

const { holds, corrected } = rowsOf("002");

export const source002Backward: readonly Claim[] = [
  corrected(
    "S2-23",
    "3.1, code",
    "A backward pass of dY [samples, units] and a cache; its body is missing",
    "dA = dY m / keep, dZ = dA phi'(Z), dX = dZ W', dW = X' dZ, db = sum of dZ",
    backward.wholeBackward,
  ),
  corrected(
    "S2-24",
    "docstring",
    "The cache holds X, Z, A, W, b and keep",
    "And the mask, or the key that draws it again",
    backward.maskInCache,
  ),
  corrected(
    "S2-25",
    "docstring",
    "A kept unit's gradient is scaled by sqrt(rate / (1 - keep)), plus sqrt(1 - rate / keep) W dA",
    "dA = dY m / keep, and no other term",
    backward.keptScale,
  ),
  corrected("S2-26", "docstring", "The layers share their weights", "Not needed, and not so", backward.noSharing),
  corrected(
    "S2-27",
    "docstring",
    "dX: W' times dZ, plus the bias, times keep, rescaled twice",
    "dX = dZ W'; the bias has no part in it",
    backward.noBiasInGradient,
  ),
  corrected("S2-28", "docstring", "dx = (dx/dz) dz/dX", "dX = dL/dZ dZ/dX", backward.chainRule),
  corrected(
    "S2-29",
    "docstring",
    "dX in terms of dX, the bias, sqrt(1 - rate) / keep and W W'",
    "dX = dZ W'; that factor arises nowhere",
    backward.noSuchFactor,
  ),
  holds(
    "S2-30",
    "docstring",
    "dL/da_k is the sum of W_k times the gradients above (with dL/dz of the next layer for them)",
    backward.nextLayer,
  ),
  corrected(
    "S2-31",
    "docstring",
    "dL/db is a constant over samples, equal to dL/da",
    "db is the sum of dZ over the samples",
    backward.biasGradient,
  ),
  corrected("S2-32", "docstring", "dL/dW_kj is delta over the activation", "dW = X' dZ", backward.weightGradient),
  corrected(
    "S2-33",
    "docstring",
    "Opposite directions cancel; some weights are never selected",
    "Nothing cancels; a dropped unit's weights get no gradient from that sample, and one from others",
    backward.nothingCancels,
  ),
  corrected(
    "S2-34",
    "docstring",
    "dX/dW is 0 unless a = z",
    "It is not: dX = dZ W' depends on W",
    backward.nothingCancels,
  ),
  corrected(
    "S2-35",
    "docstring",
    "All of it holds for the sigmoid only, and similarly for ReLU; up to a softmax layer",
    "Nothing is special to an activation: dZ = dA phi'(Z); the softmax head is one more gradient",
    backward.anyActivation,
  ),
];
