// The help of `hadamask train` below its options: networks, variants, examples.

import { MODELS, modelEntry, variantHelp, variantsOf } from "@hadamask/experiments/settings";
import { aligned, examples } from "./register.js";

export const helpOfVariants = (): string => `\nVariants:\n${aligned(variantHelp())}`;

/** What each network is, its sizes and the variants that it takes. */
export function helpOfModels(): string {
  const lines = MODELS.flatMap((model): (readonly [string, string])[] => {
    const { about, sizes, hidden, learningRate, variants } = modelEntry(model);
    return [
      [model, about],
      ["", `--hidden: ${sizes}; default: --hidden ${hidden} --learning-rate ${learningRate} --variants ${variants}`],
      ["", `takes ${variantsOf(model).join(", ")}`],
    ];
  });
  return `\nModels:\n${aligned(lines)}`;
}

export const helpOfExamples: string = examples([
  ["hadamask train", "digits: dropout against none, early stopping and weight decay, 5 seeds"],
  ["hadamask train --variants none,bernoulli:0.2,bernoulli:0.5", "two rates against none"],
  ["hadamask train --data fashion-mnist --hidden 512,512 --seeds 3", "downloads 31 MB once"],
  ["hadamask train --data iris.csv --label species --epochs 200", "a table of your own"],
  ["hadamask train --data houses.csv --noise learned --export house.onnx", "a number to predict, with its noise"],
  ["hadamask train --resume", "continue after an interruption"],
  ["hadamask train --train-size 1000 --seeds 20", "more training rows; those of two seeds overlap"],
  ["hadamask train --model cnn --variants none,channel:0.2,drop-block:0.2", "feature maps dropped whole, or in blocks"],
  ["hadamask train --model gru --variants none,zaremba:0.5,gal:0.2,zoneout:0.1", "rows of a picture as a sequence"],
  ["hadamask train --export digits.onnx", "a model for hadamask uncertainty, or anything that reads ONNX"],
]);
