// `hadamask train`: the same network with and without dropout on real data, several seeds, and what came of it.

import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { OwnVariant, TrainedRun } from "@hadamask/experiments";
import {
  type ComparisonResult,
  type ComparisonSettings,
  checkRequest,
  type Dataset,
  DEFAULT_MODEL,
  DEFAULTS,
  LARGE,
  MODELS,
  modelEntry,
  settingsFor,
  type TrainRequest,
  UsageError,
  variantHelp,
  variantsOf,
} from "@hadamask/experiments/settings";
import type { Command } from "commander";
import { isNumber } from "../data/cells.js";
import type { ColumnsAsked } from "../data/columns.js";
import { Failure } from "../failure.js";
import { writeFileWhole } from "../files/write-file.js";
import { type Progress, startProgress } from "../output/progress.js";
import { despiteClosed, type Terminal } from "../output/terminal.js";
import { checkReportFolder } from "../page/own.js";
import { type EndingSignal, exitAs, holdSignals } from "../signals.js";
import { lockFolder } from "../train/lock.js";
import { heldOutCsv, rowsPath } from "../train/test-rows.js";
import { columnsAsked, withColumns } from "./column-options.js";
import { choiceOption, numberOption, wholeOption, wholesOption } from "./options.js";
import { checkApart, checkFile, checkFolder, makeFolder, type NamedPath } from "./paths.js";
import { examples, type Register } from "./register.js";

const OUT = "report";
const defaults = modelEntry(DEFAULT_MODEL);
const { small, large } = DEFAULTS;
const bySize = (what: keyof typeof small): string => `${small[what]}, or ${large[what]} from ${LARGE} training rows on`;

export const train: Register = (program, terminal) => {
  const command = program
    .command("train")
    .description("Train the same network with and without dropout on real data, and say what dropout does.")
    .option("--data <what>", "optdigits, mnist, fashion-mnist, FILE.csv, or a folder of IDX files", "optdigits")
    .option("--label <column>", "name or number of a CSV file's label column (default: the last)");
  withColumns(command, "train")
    .option("--model <name>", `${MODELS.join(", ")}: see below`, choiceOption("train: --model", MODELS), DEFAULT_MODEL)
    .option(
      "--variants <list>",
      `what to compare; the first is what the others are held to (default: ${defaults.variants})`,
      list,
    )
    .option(
      "--input-rate <r>",
      "probability of dropping an input, in all variants but none",
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
      "--seeds <n>",
      "how many splits, first weights and batch orders; all variants share them",
      wholeOption("train: --seeds"),
      5,
    )
    .option("--variant <file>", "a module with a variant of your own, added to the list; may be repeated", collect, [])
    .option(
      "--checkpoint <minutes>",
      "save runs in training so often; --resume goes on from there",
      numberOption("train: --checkpoint"),
      2,
    )
    .option("--first-seed <n>", "the first of them", wholeOption("train: --first-seed"), 0)
    .option(
      "--evaluate <n>",
      "ask about the test rows after every so many epochs (default: 1)",
      wholeOption("train: --evaluate"),
    )
    .option("--out <dir>", "folder of the report and the runs", OUT)
    .option("--export <file>", "write the mlp of the last variant and first seed as an ONNX model")
    .option("--resume", "keep the runs that are in --out already, and train the others")
    .option(
      "--threads <n>",
      "runs at a time; changes no number (default: the machine's cores; 0: in this thread)",
      wholeOption("train: --threads"),
    )
    .option("--force", "replace files of the names that are written, whoever made them")
    .option("--json", "print the numbers as one JSON object and nothing else")
    .addHelpText("after", helpOfModels)
    .addHelpText("after", helpOfVariants)
    .addHelpText(
      "after",
      examples([
        ["hadamask train", "digits: dropout against none, early stopping and weight decay, 5 seeds"],
        ["hadamask train --variants none,bernoulli:0.2,bernoulli:0.5", "two rates against none"],
        ["hadamask train --data fashion-mnist --hidden 512,512 --seeds 3", "downloads 31 MB once"],
        ["hadamask train --data iris.csv --label species --epochs 200", "a table of your own"],
        ["hadamask train --resume", "go on after an interruption"],
        ["hadamask train --train-size 1000 --seeds 20", "more training rows; those of two seeds overlap"],
        [
          "hadamask train --model cnn --variants none,channel:0.2,drop-block:0.2",
          "feature maps dropped whole, or in blocks",
        ],
        [
          "hadamask train --model gru --variants none,zaremba:0.5,gal:0.2,zoneout:0.1",
          "rows of a picture as a sequence",
        ],
        ["hadamask train --export digits.onnx", "a model for hadamask uncertainty, or anything that reads ONNX"],
      ]),
    )
    .action((typed: Typed, command: Command) => {
      const options = {
        variants: modelEntry(typed.model).variants,
        hidden: undefined,
        activation: undefined,
        ...typed,
      };
      return run(options, commandLine(command), despiteClosed(terminal));
    });
};

const collect = (file: string, before: readonly string[]): string[] => [...before, file];

/** Variants; "bernoulli:+0.50" is "bernoulli:0.5" in all that follows, so that nothing is trained twice. */
const list = (text: string): string[] =>
  text.split(",").map((entry) => {
    const [kind, ...values] = entry.trim().split(":");
    return [kind, ...values.map((value) => (isNumber(value) ? String(Number(value)) : value))].join(":");
  });

const helpOfVariants = (): string => `\nVariants:\n${aligned(variantHelp())}`;

/** What each network is, its sizes and the variants that it takes. */
function helpOfModels(): string {
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

function aligned(lines: readonly (readonly [string, string])[]): string {
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, about]) => `  ${name.padEnd(width)}  ${about}`).join("\n");
}

interface TrainOptions extends TrainRequest, Omit<ColumnsAsked, "id"> {
  readonly data: string;
  readonly out: string;
  readonly export?: string;
  readonly resume?: true;
  readonly variant: readonly string[];
  /** Minutes. */
  readonly checkpoint: number;
  readonly force?: true;
  readonly threads?: number;
  readonly json?: true;
}

/** Options whose defaults depend on the model have none in commander. */
type Typed = Omit<TrainOptions, "variants" | "hidden" | "activation"> & Partial<TrainOptions>;

/** The command that gives the same numbers: what was typed, without what changes none. */
function commandLine(command: Command): string {
  const without = ["out", "export", "resume", "force", "threads", "checkpoint", "json"];
  const typed = command.options.filter(
    (option) =>
      command.getOptionValueSource(option.attributeName()) === "cli" && !without.includes(option.attributeName()),
  );
  const words = typed.flatMap((option) => {
    const value = command.getOptionValue(option.attributeName());
    const isRepeated = option.attributeName() === "variant";
    const values = isRepeated ? (value as string[]) : [value];
    return values.flatMap((one) => [option.long!, quoted(String(one))]);
  });
  return ["hadamask train", ...words].join(" ");
}

/** A value as a shell takes it. */
const quoted = (value: string): string =>
  /^[\w./:,@%+-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;

async function run(typed: TrainOptions, command: string, terminal: Terminal): Promise<void> {
  const own = await ownVariants(typed.variant);
  const missing = own.map(({ name }) => name).filter((name) => !typed.variants.some((v) => v.split(":")[0] === name));
  const options = { ...typed, variants: [...typed.variants, ...missing] };
  if (!(options.checkpoint > 0)) {
    throw new UsageError(`train: --checkpoint must be above 0, got ${options.checkpoint}`);
  }
  checkRequest(options, own);
  checkPaths(options);
  const data = await load(options, terminal);
  const settings = settingsFor(options, data);
  checkSizes(options, data, settings);
  if (options.export !== undefined) await checkRows(options, data, settings);
  makeFolder("train: --out", options.out);
  const out = options.out === OUT ? "" : ` --out ${quoted(options.out)}`;
  const runs = await trainRuns(data, settings, options, command + out, terminal);

  const { summarise } = await import("@hadamask/experiments/statistics");
  const { versions } = await import("../train/versions.js");
  const result = summarise(runs, { data, settings, command, versions: versions(), own });
  const json = `${JSON.stringify(result.comparison, null, 2)}\n`;
  writeFileWhole(join(options.out, "comparison.json"), json);
  const { writeReport } = await import("../train/report/write-report.js");
  const [page] = writeReport(result, options.out);
  const exported = options.export === undefined ? undefined : await exportTo(options.export, data, settings, runs);
  if (options.json) await terminal.write(json);
  else await terminal.write(await asText(result, out, page!, terminal));
  if (exported !== undefined) terminal.note(exported);
}

/** Weights that a network may have: several times as many numbers are kept while it learns. */
const MOST_WEIGHTS = 2 ** 27;
/** A thread has an engine and a heap of its own, some 40 MB. */
const THREADS_PER_CORE = 4;
const FEWEST_THREADS = 16;

/** What no machine like this one can hold is refused before it is tried. */
function checkSizes({ threads = 1 }: TrainOptions, data: Dataset, { hidden }: ComparisonSettings): void {
  const sizes = [data.featureCount, ...hidden, data.classes.length];
  const weights = sizes.slice(1).reduce((sum, size, i) => sum + size * sizes[i]!, 0);
  if (weights > MOST_WEIGHTS)
    throw new UsageError(`train: --hidden must make at most ${MOST_WEIGHTS} weights, got ${weights}`);
  const most = Math.max(FEWEST_THREADS, THREADS_PER_CORE * availableParallelism());
  if (threads > most) throw new UsageError(`train: --threads must be at most ${most} on this machine, got ${threads}`);
}

/** The engine is loaded only where there are any. */
async function ownVariants(files: readonly string[]): Promise<readonly OwnVariant[]> {
  if (files.length === 0) return [];
  const { loadVariants } = await import("../train/own-variants.js");
  return loadVariants(files);
}

/** The pictures that a report may have. */
const PICTURES: readonly string[] = [
  ...["nll", "test-error", "calibration-error", "curves-nll", "curves-test-error", "curves-training-loss"],
  ...["reliability", "first-layer-1"],
];

/** Before anything is read: what is written takes the place of nothing that is read, or was not named. */
function checkPaths({ data, model, out, export: path, force }: TrainOptions): void {
  checkFolder("train: --out", out);
  if (!force) checkReportFolder("train: --out", out, PICTURES);
  if (path === undefined) return;
  if (model !== DEFAULT_MODEL) throw new UsageError(`train: --export goes with --model ${DEFAULT_MODEL}, got ${model}`);
  const outputs: NamedPath[] = [
    ["--out", join(out, "comparison.json")],
    ["--export", path],
    ["the test rows of --export", rowsPath(path)],
  ];
  checkApart("train", outputs, [["--data", data]]);
  checkFile("train: --export", path);
}

/** The test rows are written beside the model, under a name that nobody typed. */
async function checkRows(
  { export: path, force }: TrainOptions,
  data: Dataset,
  settings: ComparisonSettings,
): Promise<void> {
  const rows = rowsPath(path!);
  if (data.test !== undefined) return;
  checkFile("train: --export", rows);
  if (force || !existsSync(rows) || isSame(rows, await heldOutCsv(data, settings))) return;
  throw new UsageError(
    `train: --export would replace ${rows}, which has other rows; choose another name, or pass --force`,
  );
}

/** Whether a file has exactly this text. */
function isSame(path: string, pieces: Iterable<string>): boolean {
  const file = readFileSync(path);
  let at = 0;
  for (const piece of pieces) {
    const bytes = Buffer.from(piece);
    if (!bytes.equals(file.subarray(at, at + bytes.length))) return false;
    at += bytes.length;
  }
  return at === file.length;
}

/** Writes the model and says what came of it, and what to do with it. */
async function exportTo(
  path: string,
  data: Dataset,
  settings: ComparisonSettings,
  runs: readonly TrainedRun[],
): Promise<string> {
  const { exportRun } = await import("../train/export.js");
  const { model, rows, variant, seed } = exportRun(path, data, settings, runs);
  const next = rows === undefined ? "" : `; next: hadamask uncertainty ${quoted(model)} ${quoted(rows)} --labels label`;
  const also = rows === undefined ? "" : `, and its test rows to ${rows}`;
  return `train: wrote ${variant}, seed ${seed}, to ${model}${also}${next}`;
}

async function load(options: TrainOptions, terminal: Terminal): Promise<Dataset> {
  const { loadDataset } = await import("../data/load.js");
  let progress: (Progress & { readonly file: string }) | undefined;
  const onDownload = (file: string, received: number, total: number): void => {
    if (progress?.file !== file) {
      progress?.stop();
      progress = { file, ...startProgress(terminal, total) };
      progress.log(`downloading ${file}, ${(total / 1e6).toFixed(1)} MB`);
    }
    progress.update(received, file);
  };
  try {
    return await loadDataset(options.data, { onDownload, ...columnsAsked(options) });
  } finally {
    progress?.stop();
  }
}

/** Trains with a bar, and says on a signal what is saved and how to go on. */
async function trainRuns(
  data: Dataset,
  settings: ComparisonSettings,
  options: TrainOptions,
  command: string,
  terminal: Terminal,
): Promise<TrainedRun[]> {
  const { compare } = await import("../train/compare.js");
  const { seeds, variants, epochs } = settings;
  const total = seeds.length * variants.length;
  let saved = 0;
  let progress: Progress | undefined;
  const done = new Map<string, number>();

  const threads = options.threads ?? availableParallelism();
  const onSignal = (signal: EndingSignal): never => {
    progress?.stop();
    terminal.note(`train: interrupted with ${saved} of ${total} runs saved; go on with ${command} --resume`);
    return exitAs(signal);
  };
  // This thread hears of nothing while it trains: signals end it at once then, and runs that are saved stay.
  const letGo = threads === 0 ? () => {} : holdSignals(onSignal);
  const unlock = lockFolder("train", options.out);
  try {
    const runs = await compare(data, settings, {
      folder: join(options.out, "runs"),
      isResumed: options.resume === true,
      threads,
      isForced: options.force === true,
      variantFiles: options.variant,
      checkpointMs: 60_000 * options.checkpoint,
      onDamaged: (sentence) => terminal.note(`train: ${sentence}`),
      onStart: (found) => {
        saved = found;
        if (found > 0) terminal.note(`train: ${found} of ${total} runs are done already`);
        progress = startProgress(terminal, (total - found) * epochs);
      },
      onEpoch: ({ variant, seed }, epoch, of) => {
        done.set(`${variant}, seed ${seed}`, (epoch / of) * epochs);
        const sum = [...done.values()].reduce((a, b) => a + b, 0);
        progress?.update(sum, `${variant}, seed ${seed}, epoch ${epoch} of ${of}`);
      },
      onRun: (run) => {
        const { variant, seed, testError, testNll } = run;
        saved++;
        const error = `${(100 * testError.at(-1)!).toFixed(2)} %`;
        progress?.log(
          `${saved}/${total}  ${variant}, seed ${seed}: test error ${error}, NLL ${testNll.at(-1)!.toFixed(3)}`,
        );
        checkFinite(run, settings);
      },
    });
    for (const run of runs) checkFinite(run, settings);
    return runs;
  } finally {
    unlock();
    letGo();
    progress?.stop();
  }
}

/** @throws {Failure} If the losses of a run are no numbers any more: nothing can be said of such a run. */
function checkFinite(run: TrainedRun, { learningRate }: ComparisonSettings): void {
  const { variant, seed, trainLoss, epochs, testNll } = run;
  const tested = new Map(epochs.map((epoch, i) => [epoch, testNll[i]!]));
  const epoch = trainLoss.findIndex((loss, e) => !Number.isFinite(loss) || !Number.isFinite(tested.get(e + 1) ?? 0));
  if (epoch < 0) return;
  throw new Failure(
    `train: ${variant}, seed ${seed}, diverged: from epoch ${epoch + 1} on its loss is no finite number; ` +
      `a --learning-rate below ${learningRate} may help, with another --out; the runs that ended are kept`,
  );
}

async function asText(result: ComparisonResult, out: string, page: string, terminal: Terminal): Promise<string> {
  const { comparisonText, nextSteps } = await import("../train/print.js");
  const steps = nextSteps(result.comparison, out);
  return [
    comparisonText(result, terminal.paint),
    `\n${terminal.paint.bold("Report")}: ${page}\n`,
    `\n${terminal.paint.bold("Try next")}\n`,
    ...steps.map(([line, what]) => `  ${line}\n      ${terminal.paint.dim(what)}\n`),
  ].join("");
}
