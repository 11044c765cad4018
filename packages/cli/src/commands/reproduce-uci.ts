// `hadamask reproduce uci`: the regression benchmark of Gal and Ghahramani on its nine data sets.

import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { SetName, SetRow } from "@hadamask/experiments/reproduce";
import { UsageError } from "@hadamask/experiments/settings";
import { writeFileWhole } from "../files/write-file.js";
import { type Progress, startProgress } from "../output/progress.js";
import { despiteClosed, type Terminal } from "../output/terminal.js";
import type { UciEvents, UciOptions } from "../reproduce/uci/run.js";
import { type EndingSignal, exitAs, holdSignals } from "../signals.js";
import { lockFolder } from "../train/lock.js";
import { choiceOption, countOption, wholeOption } from "./options.js";
import { checkFolder, makeFolder } from "./paths.js";
import { examples, type Register } from "./register.js";

export const uci: Register = (program, terminal) => {
  program
    .command("uci")
    .description("Monte-Carlo dropout on nine regression tables, compared with the published results of every split.")
    .option("--data <dir>", "folder with SET/data.txt[.gz], or UCI_Datasets of the authors (default: download)")
    .option("--sets <list>", "some of the sets, separated by commas (default: all; see below)")
    .option("--splits <n>", "the first n splits of each set (default: all)", countOption("reproduce: --splits"))
    .option(
      "--epochs-factor <n>",
      "times the 40 epochs of a set (20 of protein); 100 as in the published files",
      countOption("reproduce: --epochs-factor"),
      100,
    )
    .option(
      "--grid <how>",
      "full: a network for each rate and precision; rates: for each rate (default: full for small sets)",
      choiceOption("reproduce: --grid", ["full", "rates"] as const),
    )
    .option("--passes <n>", "passes over the test rows", countOption("reproduce: --passes"), 10_000)
    .option(
      "--validation-passes <n>",
      "passes over the validation rows",
      countOption("reproduce: --validation-passes"),
      200,
    )
    .option(
      "--decay-unit <unit>",
      "unit of the precision in the weight decay: target, as published, or standardised",
      choiceOption("reproduce: --decay-unit", ["target", "standardised"] as const),
      "target",
    )
    .option("--seed <n>", "of first weights, orders and masks", wholeOption("reproduce: --seed"), 42)
    .option("--threads <n>", "splits at a time (default: the machine's cores)", wholeOption("reproduce: --threads"))
    .option("--out <dir>", "folder of the numbers; what is there already is not computed again", "reproduction")
    .option("--saved", "compute nothing: the table of the splits that are in --out")
    .option("--json", "print the numbers as one JSON object and nothing else")
    .addHelpText("after", READING_HELP)
    .addHelpText(
      "after",
      examples([
        ["hadamask reproduce uci --sets yacht", "the smallest set, in a minute or two"],
        ["hadamask reproduce uci", "all nine, in some hours; the same line continues after an interruption"],
        ["hadamask reproduce uci --sets yacht,energy --epochs-factor 10 --out tenfold", "fewer epochs"],
      ]),
    )
    .action((options: Options) => run(options, despiteClosed(terminal)));
};

const READING_HELP = `
Sets: bostonHousing, concrete, energy, kin8nm, naval-propulsion-plant, power-plant, protein-tertiary-structure,
wine-quality-red, yacht.

Three predictions are judged. Single pass: one pass with dropout on, which the published files and much of the field
call the standard network. Off: the network without dropout. Mean of passes: Monte-Carlo dropout.

With --grid rates a network is trained for each rate, with the middle precision in its weight decay, and its passes are
judged by all precisions: a third of the work, for a weight decay of 1e-6 and less.`;

interface Options {
  readonly data?: string;
  readonly sets?: string;
  readonly splits?: number;
  readonly epochsFactor: number;
  readonly grid?: "full" | "rates";
  readonly passes: number;
  readonly validationPasses: number;
  readonly decayUnit: "target" | "standardised";
  readonly seed: number;
  readonly threads?: number;
  readonly out: string;
  readonly saved?: true;
  readonly json?: true;
}

async function run(options: Options, terminal: Terminal): Promise<void> {
  const { out, json } = options;
  const { REGRESSION_SETS } = await import("@hadamask/experiments/reproduce");
  const names = REGRESSION_SETS.map(({ name }) => name);
  const sets = options.sets === undefined ? names : options.sets.split(",").map((name) => setNamed(name.trim(), names));
  checkFolder("reproduce: --out", out);
  const rows = await rowsOf(options, sets, terminal);
  const { versions } = await import("../train/versions.js");
  const text = `${JSON.stringify({ versions: versions(), sets: rows }, null, 1)}\n`;
  const path = join(out, "uci.json");
  writeFileWhole(path, text);
  if (json) return terminal.write(text);
  const { rowsText } = await import("../reproduce/uci/print.js");
  await terminal.write(`${rowsText(rows, terminal.paint)}\n${terminal.paint.bold("Numbers")}: ${path}\n`);
}

async function rowsOf(options: Options, sets: readonly SetName[], terminal: Terminal): Promise<readonly SetRow[]> {
  const { data, splits, grid, epochsFactor, passes, validationPasses, decayUnit, seed, out, saved } = options;
  const { reproduceUci, splitsFolder } = await import("../reproduce/uci/run.js");
  if (saved) {
    const { savedRows } = await import("../reproduce/uci/saved.js");
    return savedRows(splitsFolder(out), sets, (sentence) => terminal.note(`reproduce: ${sentence}`));
  }
  makeFolder("reproduce: --out", out);
  const asked: UciOptions = {
    ...{ sets, settings: { epochsFactor, passes, validationPasses, decayUnit, seed }, folder: splitsFolder(out) },
    threads: options.threads ?? availableParallelism(),
    ...(data !== undefined && { data }),
    ...(splits !== undefined && { splits }),
    ...(grid !== undefined && { grid }),
  };
  return withProgress(asked, out, terminal, reproduceUci);
}

function setNamed(name: string, names: readonly SetName[]): SetName {
  if (names.includes(name as SetName)) return name as SetName;
  throw new UsageError(`reproduce: --sets must be some of ${names.join(", ")}, got ${JSON.stringify(name)}`);
}

/** With a bar, and on a signal a sentence on how to go on. */
async function withProgress<Rows>(
  options: UciOptions,
  out: string,
  terminal: Terminal,
  work: (options: UciOptions, events: UciEvents) => Promise<Rows>,
): Promise<Rows> {
  let progress: Progress | undefined;
  let [saved, total] = [0, 0];
  const onSignal = (signal: EndingSignal): never => {
    progress?.stop();
    terminal.note(`reproduce: interrupted with ${saved} of ${total} splits saved; run the same command to continue`);
    return exitAs(signal);
  };
  // This thread hears of nothing while it computes: signals end it at once then, and splits that are saved stay.
  const letGo = options.threads === 0 ? () => {} : holdSignals(onSignal);
  const unlock = lockFolder("reproduce", out);
  try {
    return await work(options, {
      onDownload: (name, received, bytes) => {
        if (received === bytes) terminal.note(`downloaded ${name}, ${(bytes / 1e6).toFixed(1)} MB`);
      },
      onNote: (sentence) => terminal.note(`reproduce: ${sentence}`),
      onStart: (found, of, units) => {
        [saved, total] = [found, of];
        if (found > 0) terminal.note(`reproduce: ${found} of ${of} splits are done already`);
        if (found < of) progress = startProgress(terminal, units);
      },
      onWork: (done, what) => progress?.update(done, what),
      onSplit: ({ set, split, rate, precision, rmse, logLikelihood }) => {
        saved++;
        progress?.log(
          `${saved}/${total}  ${set}, split ${split}: rate ${rate}, precision ${precision}, ` +
            `RMSE ${rmse.mean.toPrecision(4)}, log-likelihood ${logLikelihood.mean.toFixed(3)}`,
        );
      },
    });
  } finally {
    unlock();
    letGo();
    progress?.stop();
  }
}
