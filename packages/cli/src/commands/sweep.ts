// `hadamask sweep`: a grid of comparisons, trained here or on many machines, and which settings are best by validation.

import { availableParallelism } from "node:os";
import { MODELS } from "@hadamask/experiments/settings";
import type { Command } from "commander";
import { despiteClosed } from "../output/terminal.js";
import { withCells, withColumns } from "./column-options.js";
import { countOption, numberOption, wholeOption } from "./options.js";
import { examples, inNameOf, type Register } from "./register.js";
import { askedOnLine, type GridOptions, READERS, type SweepOptions, sweepLine } from "./sweep-options.js";
import { withQueueCommands } from "./sweep-queue.js";
import { runSweep } from "./sweep-run.js";
import { helpOfModels, helpOfVariants } from "./train-help.js";
import { collect } from "./train-options.js";

interface Options extends SweepOptions, GridOptions {
  readonly data: readonly string[];
}

export const sweep: Register = (program, terminal) => {
  const command = program
    .command("sweep")
    .description("Train a grid of settings with several seeds, choose by validation, and report on test rows.")
    .argument("[spec]", "a JSON file with the names of the options below; options typed here come before it")
    .option("--data <what>", "as train takes it; may be repeated (default: optdigits)", collect, [])
    .option("--label <column>", "what is predicted: name or number of a column of CSV files (default: the last)");
  withCells(withColumns(command, "sweep"), "sweep")
    .option("--noise <kind>", "for a regression: fixed (default) or learned, as for train", READERS.noise)
    .option(
      "--variants <list>",
      "what to compare; the others are compared with the first (default: as train)",
      READERS.variants,
    )
    .option("--rates <list>", "each variant written without a rate is run with each of these", READERS.rates)
    .option("--model <list>", MODELS.join(", "), READERS.model)
    .option("--hidden <lists>", "sizes of the networks, as 256,256;1024,1024", READERS.hidden)
    .option("--activation <list>", "relu, tanh, selu", READERS.activation)
    .option("--train-size <list>", "training rows of a seed", READERS.trainSize)
    .option("--learning-rate <list>", "of Adam", READERS.learningRate)
    .option("--input-rate <list>", "probability of dropping an input (default: 0.1)", READERS.inputRate)
    .option("--batch-size <list>", "rows in a step", READERS.batchSize)
    .option("--epochs <list>", "times through the training rows", READERS.epochs)
    .option("--seeds <n>", "how many seeds; all settings share them (default: 5)", READERS.seeds)
    .option("--first-seed <n>", "the first seed (default: 0)", READERS.firstSeed)
    .option(
      "--evaluate <n>",
      "score the test rows every this many epochs (default: once, at the end)",
      READERS.evaluate,
    )
    .option(
      "--validation <share>",
      "of the training rows, held back to choose by; 0 for none (default: 0.2)",
      READERS.validation,
    )
    .option("--variant <file>", "a module with a variant of your own, added to the list; may be repeated", collect, [])
    .option("--out <dir>", "folder of the report and the runs", "sweep")
    .option("--resume", "keep the runs that are in --out already, and train the others")
    .option(
      "--threads <n>",
      `runs at a time on this machine; the results do not depend on it (default: ${availableParallelism()}, its cores)`,
      wholeOption("sweep: --threads"),
    )
    .option("--checkpoint <minutes>", "save runs in training at this interval", numberOption("sweep: --checkpoint"), 2)
    .option("--shard <i/n>", "train only every n-th run, from the i-th on; hadamask merge puts shards together")
    .option("--queue <url>", "redis://[user:password@]host:port[/db]: let hadamask worker train, on any machines")
    .option("--name <name>", "of the sweep in the queue", "default")
    .option(
      "--attempts <n>",
      "with --queue: how often a run is tried before it is given up",
      countOption("sweep: --attempts"),
      3,
    )
    .option(
      "--send <MB>",
      "with --queue: the most data that go to workers through Redis",
      numberOption("sweep: --send"),
      64,
    )
    .option("--lock <seconds>", "with --queue: how long this process may be silent", numberOption("sweep: --lock"), 30)
    .option("--force", "replace a report that is not from hadamask")
    .option("--json", "print the result as one JSON object and nothing else")
    .addHelpText("after", helpOfModels)
    .addHelpText("after", helpOfVariants)
    .addHelpText("after", EXAMPLES)
    .action((spec: string | undefined, options: Options, line: Command) => {
      const spanned = { spec, data: options.data, asked: askedOnLine(options) };
      return inNameOf("sweep", () => runSweep(spanned, options, sweepLine(line, spec), despiteClosed(terminal)));
    });
  withQueueCommands(command, terminal);
};

const EXAMPLES: string = examples([
  ["hadamask sweep --variants none,bernoulli --rates 0.1,0.3,0.5,0.7", "which rate"],
  ["hadamask sweep --train-size 50,100,200 --hidden '256,256;1024,1024' --seeds 10", "rows and widths"],
  ["hadamask sweep grid.json --out grid", "a grid as a file"],
  ["hadamask sweep grid.json --out part-1 --shard 1/8", "an eighth of it; elsewhere 2/8, …"],
  ["hadamask sweep grid.json --queue redis://10.0.0.5:6379", "with hadamask worker on as many machines as you have"],
  ["hadamask sweep status --queue redis://10.0.0.5:6379", "how far it is"],
]);
