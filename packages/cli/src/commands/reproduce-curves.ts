// `hadamask reproduce rate` and `hadamask reproduce size`: two figures of the paper of 2014, on MNIST.

import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Dataset, UsageError } from "@hadamask/experiments/settings";
import type { Command } from "commander";
import { writeFileWhole } from "../files/write-file.js";
import { type Progress, startProgress } from "../output/progress.js";
import { despiteClosed, type Terminal } from "../output/terminal.js";
import type { Plan, SharedSettings } from "../reproduce/curves/plan.js";
import type { FigureEvents, FigureResult } from "../reproduce/curves/run.js";
import { type EndingSignal, exitAs, holdSignals } from "../signals.js";
import { lockFolder } from "../train/lock.js";
import { countOption, numberOption, numbersOption, wholeOption, wholesOption } from "./options.js";
import { checkFolder, makeFolder } from "./paths.js";
import { examples, inNameOf, type Register } from "./register.js";

export const rate: Register = (program, terminal) => {
  const command = program
    .command("rate")
    .description("Test error against the rate, at a fixed width and at a fixed number of kept units (2014, figure 9).")
    .option(
      "--rates <list>",
      "probabilities of dropping a hidden unit",
      numbersOption("reproduce: --rates"),
      [0, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8],
    )
    .option("--train-size <n>", "training rows of a seed", countOption("reproduce: --train-size"), 1000);
  withShared(command, 0)
    .addHelpText("after", RATE_HELP)
    .addHelpText(
      "after",
      examples([
        ["hadamask reproduce rate", "downloads MNIST once (11 MB); the same line goes on after an interruption"],
        ["hadamask reproduce rate --data DIR --rates 0,0.5,0.8", "IDX files of a folder, three rates"],
      ]),
    )
    .action(async ({ rates, trainSize, ...shared }: RateOptions) => {
      const { ratePlan } = await import("../reproduce/curves/plan.js");
      const wrong = rates.find((rate) => !(rate >= 0 && rate < 1));
      if (wrong !== undefined) throw new UsageError(`reproduce: --rates must be in [0, 1), got ${wrong}`);
      if (new Set(rates).size < rates.length) throw new UsageError("reproduce: --rates has a number twice");
      const plan = ratePlan(rates, trainSize, shared);
      return inNameOf("reproduce", () => run(plan, shared, despiteClosed(terminal)));
    });
};

export const size: Register = (program, terminal) => {
  const command = program
    .command("size")
    .description("What dropout gains with more and more training rows (2014, figure 10).")
    .option(
      "--sizes <list>",
      "training rows of a seed",
      wholesOption("reproduce: --sizes"),
      [100, 300, 1000, 3000, 10_000],
    )
    .option("--rate <r>", "probability of dropping a hidden unit", numberOption("reproduce: --rate"), 0.5);
  withShared(command, 0.2)
    .addHelpText("after", SIZE_HELP)
    .addHelpText(
      "after",
      examples([
        ["hadamask reproduce size", "downloads MNIST once (11 MB); the same line goes on after an interruption"],
        ["hadamask reproduce size --sizes 100,1000 --seeds 5", "two sizes, more seeds"],
      ]),
    )
    .action(async ({ sizes, rate: dropped, ...shared }: SizeOptions) => {
      const { sizePlan } = await import("../reproduce/curves/plan.js");
      if (sizes.includes(0)) throw new UsageError("reproduce: --sizes must be at least 1, got 0");
      if (new Set(sizes).size < sizes.length) throw new UsageError("reproduce: --sizes has a number twice");
      const plan = sizePlan(sizes, dropped, shared);
      return inNameOf("reproduce", () => run(plan, shared, despiteClosed(terminal)));
    });
};

const RATE_HELP = `
The curve of fixed width has the layers of --hidden at every rate. The other one has layers of half of --hidden divided
by 1 - rate, so that half of --hidden is kept on average; the two meet at rate 0.5.`;

const SIZE_HELP = `
Each size trains the same network with and without dropout, on the same rows, first weights and batches, for the same
number of steps.`;

interface SharedOptions extends SharedSettings {
  readonly data: string;
  readonly threads?: number;
  readonly out: string;
  readonly json?: true;
}

interface RateOptions extends SharedOptions {
  readonly rates: readonly number[];
  readonly trainSize: number;
}

interface SizeOptions extends SharedOptions {
  readonly sizes: readonly number[];
  readonly rate: number;
}

const withShared = (command: Command, inputRate: number): Command =>
  command
    .option("--data <what>", "mnist, fashion-mnist, or a folder of IDX files", "mnist")
    .option("--hidden <sizes>", "units of the hidden layers", wholesOption("reproduce: --hidden"), [512, 512])
    .option("--input-rate <r>", "probability of dropping an input", numberOption("reproduce: --input-rate"), inputRate)
    .option("--steps <n>", "steps of training, for every number of rows", countOption("reproduce: --steps"), 2000)
    .option("--batch-size <n>", "rows in a step", countOption("reproduce: --batch-size"), 50)
    .option(
      "--max-norm <c>",
      "norm that the incoming weights of a hidden unit are kept within",
      numberOption("reproduce: --max-norm"),
      3,
    )
    .option(
      "--seeds <n>",
      "how many seeds (training rows, first weights, batch orders)",
      countOption("reproduce: --seeds"),
      3,
    )
    .option("--threads <n>", "runs at a time (default: the machine's cores)", wholeOption("reproduce: --threads"))
    .option("--out <dir>", "folder of the numbers; runs that are there are not trained again", "reproduction")
    .option("--json", "print the numbers as one JSON object and nothing else");

async function run(plan: Plan, options: SharedOptions, terminal: Terminal): Promise<void> {
  const { out, json, threads = availableParallelism() } = options;
  const { checkPlan, runPlan } = await import("../reproduce/curves/run.js");
  checkPlan(plan);
  checkFolder("reproduce: --out", out);
  const data = await load(options.data, terminal);
  makeFolder("reproduce: --out", out);
  const folder = join(out, plan.figure);
  const { OtherRun } = await import("../train/run-file.js");
  const result = await withProgress(out, threads, terminal, (events) =>
    runPlan(plan, data, { folder, threads }, events),
  ).catch((error: unknown) => {
    if (!(error instanceof OtherRun)) throw error;
    throw new UsageError(`reproduce: --out: ${error.found}; ask for the same, or choose another --out`, {
      cause: error,
    });
  });
  const { versions } = await import("../train/versions.js");
  const text = `${JSON.stringify({ versions: versions(), ...result }, null, 1)}\n`;
  writeFileWhole(join(out, `${plan.figure}.json`), text);
  const picture = await draw(result, out);
  if (json) return terminal.write(text);
  const { figureText } = await import("../reproduce/curves/print.js");
  await terminal.write(`${figureText(result, terminal.paint)}\n${terminal.paint.bold("Figure")}: ${picture}\n`);
}

async function load(what: string, terminal: Terminal): Promise<Dataset> {
  const { loadDataset } = await import("../data/load.js");
  const data = await loadDataset(what, {
    onDownload: (name, received, total) => {
      if (received === total) terminal.note(`downloaded ${name}, ${(total / 1e6).toFixed(1)} MB`);
    },
  });
  if (data.image !== undefined) return data;
  throw new UsageError(
    `reproduce: --data must be pictures: mnist, fashion-mnist, or a folder of IDX files, got ${data.name}`,
  );
}

async function draw(result: FigureResult, out: string): Promise<string> {
  const { light, lines, linesSize } = await import("@hadamask/experiments/charts");
  const { renderPng } = await import("../output/render-chart.js");
  const { figureOf } = await import("../reproduce/curves/figure.js");
  const chart = figureOf(result);
  const path = join(out, `${result.figure}.png`);
  writeFileWhole(path, renderPng(lines(chart, light), linesSize(chart)));
  return path;
}

/** With a bar, and on a signal a sentence on how to go on. */
async function withProgress(
  out: string,
  threads: number,
  terminal: Terminal,
  work: (events: FigureEvents) => Promise<FigureResult>,
): Promise<FigureResult> {
  let progress: Progress | undefined;
  const onSignal = (signal: EndingSignal): never => {
    progress?.stop();
    terminal.note("reproduce: interrupted; the runs that ended are saved, and the same command goes on");
    return exitAs(signal);
  };
  // This thread hears of nothing while it trains: signals end it at once then, and runs that are saved stay.
  const letGo = threads === 0 ? () => {} : holdSignals(onSignal);
  const unlock = lockFolder("reproduce", out);
  try {
    return await work({
      onStart: (units) => {
        progress = startProgress(terminal, units);
      },
      onWork: (done, what) => progress?.update(done, what),
      onNote: (sentence) => terminal.note(`reproduce: ${sentence}`),
      onRun: ({ variant, seed, testError }, { name }) =>
        progress?.log(`${name}, ${variant}, seed ${seed}: test error ${(100 * testError.at(-1)!).toFixed(2)} %`),
    });
  } finally {
    unlock();
    letGo();
    progress?.stop();
  }
}
