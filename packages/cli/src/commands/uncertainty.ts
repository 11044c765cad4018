// `hadamask uncertainty`: Monte-Carlo dropout with a trained ONNX model on rows of data, and what it is worth.

import { despiteClosed } from "../output/terminal.js";
import { KINDS } from "../uncertainty/kind.js";
import { RIVALS } from "../uncertainty/rivals.js";
import { withColumns } from "./column-options.js";
import { choiceOption, countOption, seedOption } from "./options.js";
import type { Register } from "./register.js";
import { filesOf, type Typed } from "./uncertainty-asked.js";
import { helpOfExamples, helpOfWhere } from "./uncertainty-help.js";
import {
  batchAxisOption,
  calibrateOption,
  channelsOption,
  classesOption,
  compareOption,
  conformalOption,
  cropOption,
  imageOption,
  listOption,
  masksOption,
  namedOption,
  outputOption,
  quantilesOption,
  rateOption,
  samplesOption,
  sizeOption,
} from "./uncertainty-options.js";
import { runUncertaintyCommand } from "./uncertainty-run.js";

const NAME = "uncertainty";

export const uncertainty: Register = (program, terminal) => {
  const command = program
    .command(NAME)
    .description("Predict many times with different masks, and say how sure a trained model is of each row.")
    .argument("<model>", "an ONNX file; several are compared as an ensemble")
    .argument("[data...]", "rows to predict: .csv, .npy, .npz, IDX, or a folder of PNG and JPEG files")
    .option(
      "--labels <what>",
      "right answers: a column of the CSV (name or number), several separated by commas, an array of the .npz, " +
        "or a file; of pictures a file of names and labels, or folders",
    )
    .option(
      "--input <name=file>",
      "rows of one input, as .npy or .npz; once for each input (rows come first in files)",
      namedOption("--input", "FILE.npy"),
    )
    .option(
      "--constant <name=value>",
      "an input that is the same for all rows: a number, true, false or an .npy file; several times",
      namedOption("--constant", "VALUE or FILE.npy"),
    );
  withColumns(command, NAME)
    .option("--id <column>", "column of a CSV file that names its rows")
    .option(
      "--samples <n>",
      'passes for each row, or "auto": until every probability is known to 0.01 (default: 100)',
      samplesOption,
    )
    .option(
      "--rate <r>",
      'probability of dropping, or "choose" (needs --labels; default: that of the Dropout nodes)',
      rateOption,
    )
    .option("--where <terms>", "where dropout goes (default: at the Dropout nodes)")
    .option(
      "--masks <kind>",
      "consistent: one thinned network for all rows of a pass; independent; or fixed:8, eight thinned networks",
      masksOption,
      "consistent",
    )
    .option(
      "--kind <kind>",
      `what the answer is: ${KINDS.join(", ")}; auto decides, and says why`,
      choiceOption(`${NAME}: --kind`, KINDS),
      "auto",
    )
    .option(
      "--scale <scale>",
      "whether a classifier gives probabilities or logits (default: what its numbers show)",
      choiceOption(`${NAME}: --scale`, ["probabilities", "logits"]),
    )
    .option("--classes <names>", "what the classes or labels are called, in their order", classesOption)
    .option(
      "--output <names>",
      "the output that is the answer (default: the first that is floats); mean,variance; or several, whose " +
        "numbers belong together",
      outputOption,
    )
    .option("--variance <name>", "an output that is the variance of noise in the data")
    .option("--log-variance <name>", "an output that is its logarithm")
    .option("--quantiles <levels>", "the values of a row are quantiles of these levels", quantilesOption)
    .option(
      "--conformal <level>",
      "sets or intervals that hold the right answer of this share of new rows: 0.9",
      conformalOption,
    )
    .option(
      "--calibrate <what>",
      "what these are calibrated on: a share of the labelled rows (default: 0.5), or FILE,COLUMN",
      calibrateOption,
    )
    .option(
      "--score <score>",
      "the score behind them: lac, aps or raps (sets); absolute, normalized or quantile (intervals)",
      choiceOption(`${NAME}: --score`, ["lac", "aps", "raps", "absolute", "normalized", "quantile"]),
    )
    .option("--per-class", "make the promise of the sets for each class on its own")
    .option(
      "--compare <list>",
      `what else to compare with dropout: ${Object.keys(RIVALS).join(", ")}, fixed:8, all (needs --labels)`,
      compareOption,
    )
    .option("--seed <n>", "seed of the key (default: 42)", seedOption(`${NAME}: --seed`))
    .option(
      "--batch <n>",
      "rows times passes in one run; 1 where rows influence each other, as in dynamically quantised models",
      countOption(`${NAME}: --batch`),
    )
    .option("--freeze", "set batch normalisation that is in training mode to inference")
    .option(
      "--batch-axis <axis>",
      "where the model has its rows: an axis, none (a run is one row), or these by name: h0=1,x=0",
      batchAxisOption,
    )
    .option(
      "--layout <layout>",
      "how pictures lie in an array, where the model wants them the other way: nchw or nhwc; of a folder: how " +
        "the model wants them",
      choiceOption(`${NAME}: --layout`, ["nchw", "nhwc"]),
    )
    .option("--size <size>", "resize pictures to HxW, or so that their shorter side is N", sizeOption)
    .option("--crop <size>", "then cut out the middle, of this size", cropOption)
    .option(
      "--mean <numbers>",
      "then subtract this from the pixels, which are 0 to 1: a number for each channel",
      channelsOption("--mean"),
    )
    .option("--std <numbers>", "and divide by this; 1/255 gives pixels from 0 to 255", channelsOption("--std"))
    .option(
      "--stream",
      "read, predict and write piece by piece (default: where the data are above 64 MB and nothing needs them at once)",
    )
    .option("--image <size>", "height x width, where rows are pictures", imageOption)
    .option(
      "--strange <list>",
      "strange rows, to be told from the data: rotated, noise, files; none (default: rotated,noise for pictures)",
      listOption,
    )
    .option("--out <file>", "write the statistics of every row as .json, .csv or .npy")
    .option(
      "--passes <file>",
      "write every single pass as .npy, [samples, rows, ...]; the passes are made again for it",
    )
    .option("--report <dir>", "write a report with figures")
    .option("--force", "replace files of the report's names that are not from a report")
    .option("--json", "print what was found as one JSON object and nothing else")
    .addHelpText("after", helpOfWhere())
    .addHelpText("after", helpOfExamples)
    .action((model: string, data: string[], typed: Typed) =>
      runUncertaintyCommand({ ...typed, ...filesOf(model, data, typed) }, despiteClosed(terminal)),
    );
};
