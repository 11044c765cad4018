// What other libraries do at rate 1, where their formulas divide by 0.

import { AlphaDropout, Dropout, GaussianDropout } from "hadamask";
import { differs, exactly, type Measure } from "../measure.js";
import { KERAS_AT_ONE, TFJS_RATE_ONE, WHERE_AT_ONE } from "../recorded.js";

const both = (layer: AlphaDropout | GaussianDropout | Dropout, x: readonly number[]): number[] => [
  ...layer.forward(x),
  ...layer.backward(x),
];

export function rateOne(): Measure[] {
  const ours = new Dropout({ rate: 1 }).forward([1, -2, 3]);
  return [
    exactly("ours at rate 1", ours, [0, 0, 0]),
    differs("against what TensorFlow.js's layer gave at rate 1: its input", ours, TFJS_RATE_ONE),
  ];
}

export function crashAtOne(): Measure[] {
  const x = [1, -2];
  const refusals = Object.values(KERAS_AT_ONE).filter((error) => error === "ZeroDivisionError").length;
  return [
    exactly("ours: AlphaDropout at rate 1, and its gradient", both(new AlphaDropout({ rate: 1 }), x), [0, 0, 0, 0]),
    exactly(
      "ours: GaussianDropout at rate 1, and its gradient",
      both(new GaussianDropout({ rate: 1 }), x),
      [0, 0, 0, 0],
    ),
    differs("layers of Keras that raised ZeroDivisionError in the first training call, against none", refusals, 0, 1),
  ];
}

export function nanGradient(): Measure[] {
  const ours = both(new Dropout({ rate: 1 }), [3]);
  return [
    exactly("ours at rate 1: value and gradient", ours, [0, 0]),
    exactly("value of where(mask, x / keep, 0) at keep 0 in JAX", WHERE_AT_ONE.value, 0),
    differs("our gradient against that formula's in JAX", ours[1]!, WHERE_AT_ONE.gradient),
  ];
}

export function burnAtOne(): Measure[] {
  const theirs = (x: number, bit: number) => x * bit * (1 / (1 - 1));
  return [
    exactly("ours at rate 1: value and gradient", both(new Dropout({ rate: 1 }), [3]), [0, 0]),
    differs("against its formula for a dropped element", 0, theirs(3, 0)),
  ];
}
