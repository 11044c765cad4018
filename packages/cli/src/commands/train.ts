// `hadamask train`: the same network with and without dropout on real data, several seeds, and what came of it.

import { DEFAULT_MODEL, DEFAULTS, LARGE, MODELS, modelEntry } from "@hadamask/experiments/settings";
import type { Command } from "commander";
import { despiteClosed } from "../output/terminal.js";
import { withCells, withColumns } from "./column-options.js";
import { choiceOption, numberOption, wholeOption, wholesOption } from "./options.js";
import type { Register } from "./register.js";
import { helpOfExamples, helpOfModels, helpOfVariants } from "./train-help.js";
import { collect, commandLine, DEFAULT_OUT, type Typed, variantList } from "./train-options.js";
import { runTrain } from "./train-run.js";

const defaults = modelEntry(DEFAULT_MODEL);
const { small, large } = DEFAULTS;
const bySize = (what: keyof typeof small): string => `${small[what]}, or ${large[what]} from ${LARGE} training rows on`;

export const train: Register = (program, terminal) => {
  const command = program
    .command("train")
    .description("Train the same network with and without dropout on real data, and say what dropout does.")
    .option(
      "--data <what>",
      "optdigits, mnist, fashion-mnist, FILE.csv, .tsv, .npy or .npz (.gz or not), or a folder of IDX files",
      "optdigits",
    )
    .option("--label <column>", "what is predicted: name or number of a column (default: the last), or a .npy file");
  withCells(withColumns(command, "train"), "train")
    .option(
      "--noise <kind>",
      "for a regression: fixed trains by squared errors (default); learned also predicts the noise of each row",
      choiceOption("train: --noise", ["fixed", "learned"]),
    )
    .option("--model <name>", `${MODELS.join(", ")}: see below`, choiceOption("train: --model", MODELS), DEFAULT_MODEL)
    .option(
      "--variants <list>",
      `what to compare; the others are compared with the first (default: ${defaults.variants})`,
      variantList,
    )
    .option(
      "--input-rate <r>",
      "probability of dropping an input, in all variants except none",
      numberOption("train: --input-rate"),
      0.1,
    )
    .option("--hidden <sizes>", `${defaults.sizes} (default: ${defaults.hidden})`, wholesOption("train: --hidden"))
    .option(
      "--activation <name>",
      "relu (default), tanh or selu",
      choiceOption("train: --activation", ["relu", "tanh", "selu"]),
    )
    .option(
      "--train-size <n>",
      "training rows of a seed (default: 250 of optdigits, 80 % of a CSV file, all of a folder)",
      wholeOption("train: --train-size"),
    )
    .option(
      "--epochs <n>",
      `times through the training rows (default: ${bySize("epochs")})`,
      wholeOption("train: --epochs"),
    )
    .option("--batch-size <n>", `rows in a step (default: ${bySize("batchSize")})`, wholeOption("train: --batch-size"))
    .option(
      "--learning-rate <r>",
      `of Adam (default: ${defaults.learningRate})`,
      numberOption("train: --learning-rate"),
    )
    .option(
      "--max-norm <c>",
      "keep the incoming weights of each hidden unit within this norm (mlp; default: no limit)",
      numberOption("train: --max-norm"),
    )
    .option(
      "--seeds <n>",
      "how many seeds (splits, first weights, batch orders); all variants share them",
      wholeOption("train: --seeds"),
      5,
    )
    .option("--variant <file>", "a module with a variant of your own, added to the list; may be repeated", collect, [])
    .option(
      "--checkpoint <minutes>",
      "save runs in training at this interval; --resume continues from there",
      numberOption("train: --checkpoint"),
      2,
    )
    .option("--first-seed <n>", "the first seed", wholeOption("train: --first-seed"), 0)
    .option(
      "--evaluate <n>",
      "score the test rows every this many epochs (default: 1)",
      wholeOption("train: --evaluate"),
    )
    .option("--out <dir>", "folder of the report and the runs", DEFAULT_OUT)
    .option("--export <file>", "write the mlp of the last variant and first seed as an ONNX model")
    .option("--resume", "keep the runs that are in --out already, and train the others")
    .option(
      "--threads <n>",
      "runs at a time; the results do not depend on it (default: the machine's cores; 0: in this thread)",
      wholeOption("train: --threads"),
    )
    .option("--force", "replace files of the same names, even if they are not from hadamask")
    .option("--json", "print the numbers as one JSON object and nothing else")
    .addHelpText("after", helpOfModels)
    .addHelpText("after", helpOfVariants)
    .addHelpText("after", helpOfExamples)
    .action((typed: Typed, command: Command) => {
      const options = {
        variants: modelEntry(typed.model).variants,
        hidden: undefined,
        activation: undefined,
        ...typed,
      };
      return runTrain(options, commandLine(command), despiteClosed(terminal));
    });
};
