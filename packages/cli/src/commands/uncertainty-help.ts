// The help of `hadamask uncertainty` below its options: terms of --where, examples.

import { WHERE_HELP } from "../uncertainty/where.js";
import { aligned, examples } from "./register.js";

export const helpOfWhere = (): string =>
  `\nTerms of --where, separated by commas (hadamask inspect lists the places of a model):\n${aligned(WHERE_HELP)}`;

export const helpOfExamples: string = examples([
  ["hadamask uncertainty digits.onnx digits-test.csv --labels label", "a model of hadamask train --export"],
  [
    "hadamask uncertainty net.onnx pictures/ --size 256 --crop 224 --mean 0.485,0.456,0.406 --std " +
      "0.229,0.224,0.225 --where after:Relu --rate 0.1",
    "a network for photographs",
  ],
  ["hadamask uncertainty a.onnx b.onnx c.onnx x.csv --labels class --compare all", "is anything else better?"],
  [
    "hadamask uncertainty net.onnx x.npy --where after:Relu --rate 0.1 --out preds.npy",
    "a model without Dropout nodes",
  ],
  ["hadamask uncertainty net.onnx x.csv --labels class --rate choose --report doubts", "which rate, if any, helps"],
  [
    "hadamask uncertainty fit.onnx x.csv --where after:Relu --rate 0.05 --log-variance log_variance",
    "a regression that predicts its noise",
  ],
]);
