// `hadamask uncertainty`: Monte-Carlo dropout with a trained ONNX model on rows of data, and what it is worth.

import { UsageError } from "@hadamask/experiments/settings";
import type { ColumnsAsked } from "../data/columns.js";
import { Failure } from "../failure.js";
import { startProgress } from "../output/progress.js";
import { despiteClosed, type Terminal } from "../output/terminal.js";
import { checkReportFolder } from "../page/own.js";
import { holdSignals } from "../signals.js";
import type { ImageShape, UncertaintyRequest } from "../uncertainty/request.js";
import { WHERE_HELP } from "../uncertainty/where.js";
import { withColumns } from "./column-options.js";
import { choiceOption, countOption, DEFAULT_SEED, numberOption, seedOption, wholeOption } from "./options.js";
import { checkApart, checkFolder, makeFolder, type NamedPath } from "./paths.js";
import { examples, type Register } from "./register.js";

const NAME = "uncertainty";

/** The pictures that a report may have. */
const PICTURES = ["least-certain", "reliability", "risk-coverage", "entropy", "strange", "prediction"] as const;

export const uncertainty: Register = (program, terminal) => {
  const command = program
    .command(NAME)
    .description("Predict many times over with other masks each time, and say how sure a trained model is of each row.")
    .argument("<model>", "an ONNX file")
    .argument("<data>", "rows to predict: .csv, .npy, or IDX; compressed with gzip or not")
    .option("--labels <what>", "right answers: a column of the CSV (name or number), or a file");
  withColumns(command, NAME)
    .option("--id <column>", "column of a CSV file with what its rows are called")
    .option(
      "--samples <n>",
      'passes for each row, or "auto": until every probability is known to 0.01',
      samplesOption,
      100,
    )
    .option(
      "--rate <r>",
      'probability of dropping, or "choose" (needs --labels; default: that of the Dropout nodes)',
      rateOption,
    )
    .option("--where <terms>", "where dropout goes (default: at the Dropout nodes)")
    .option(
      "--masks <kind>",
      "consistent: one thinned network for all rows of a pass; or independent",
      choiceOption(`${NAME}: --masks`, ["consistent", "independent"]),
      "consistent",
    )
    .option(
      "--softmax <how>",
      "whether the model's answers are logits: auto, on or off",
      choiceOption(`${NAME}: --softmax`, ["auto", "on", "off"]),
      "auto",
    )
    .option("--output <name>", "the output that is the answer (default: the first)")
    .option("--variance <name>", "an output that is the variance of noise in the data")
    .option("--log-variance <name>", "an output that is its logarithm")
    .option("--seed <n>", "seed of the key (default: 42)", seedOption(`${NAME}: --seed`))
    .option("--batch <n>", "rows times passes in one run of the model", countOption(`${NAME}: --batch`))
    .option(
      "--stream",
      "read, predict and write piece by piece (default: where the data are above 64 MB and nothing needs them at once)",
    )
    .option("--image <size>", "height x width, where rows are pictures", imageOption)
    .option(
      "--strange <list>",
      "rows to tell from the data: rotated, noise, files; none (default: rotated,noise for pictures)",
      listOption,
    )
    .option("--out <file>", "write the statistics of every row as .json, .csv or .npy")
    .option("--report <dir>", "write a report with figures")
    .option("--force", "let the report replace files of its names that are no report's")
    .option("--json", "print what was found as one JSON object and nothing else")
    .addHelpText("after", whereHelp())
    .addHelpText(
      "after",
      examples([
        ["hadamask uncertainty digits.onnx digits-test.csv --labels label", "a model of hadamask train --export"],
        [
          "hadamask uncertainty net.onnx x.npy --where after:Relu --rate 0.1 --out preds.npy",
          "a model without Dropout nodes",
        ],
        [
          "hadamask uncertainty net.onnx x.csv --labels class --rate choose --report doubts",
          "which rate, if any, helps",
        ],
        [
          "hadamask uncertainty fit.onnx x.csv --where after:Relu --rate 0.05 --log-variance log_variance",
          "a regression that predicts its noise",
        ],
      ]),
    )
    .action((model: string, data: string, options: Options) =>
      run({ ...options, model, data }, despiteClosed(terminal)),
    );
};

function whereHelp(): string {
  const width = Math.max(...WHERE_HELP.map(([term]) => term.length));
  return `\nTerms of --where, separated by commas (hadamask inspect lists the places of a model):\n${WHERE_HELP.map(([term, what]) => `  ${term.padEnd(width)}  ${what}`).join("\n")}`;
}

interface Options
  extends Omit<UncertaintyRequest, "model" | "data" | "seed" | "report" | "table">,
    Omit<ColumnsAsked, "label"> {
  readonly seed?: bigint;
  readonly out?: string;
  readonly report?: string;
  readonly force?: true;
  readonly json?: true;
}

/** Errors shrink with the root of the passes: nobody needs more. */
const MOST_SAMPLES = 1_000_000;

function samplesOption(text: string): number | "auto" {
  if (text === "auto") return text;
  const value = wholeOption(`${NAME}: --samples`)(text);
  if (value > MOST_SAMPLES) throw new UsageError(`${NAME}: --samples must be at most ${MOST_SAMPLES}, got ${text}`);
  if (!(value >= 2)) throw new UsageError(`${NAME}: --samples must be at least 2, or "auto", got ${text}`);
  return value;
}

function rateOption(text: string): number | "choose" {
  if (text === "choose") return text;
  const value = numberOption(`${NAME}: --rate`)(text);
  if (value >= 0 && value <= 1) return value;
  const advice = value >= 2 && value <= 100 ? `; pass ${value / 100} for ${value} %` : "";
  throw new UsageError(`${NAME}: --rate must be in [0, 1] or "choose", got ${text}${advice}`);
}

function imageOption(text: string): ImageShape {
  const match = /^([1-9]\d*)x([1-9]\d*)$/.exec(text);
  if (match === null)
    throw new UsageError(`${NAME}: --image must be height x width, for instance 28x28, got ${JSON.stringify(text)}`);
  return { height: Number(match[1]), width: Number(match[2]) };
}

const listOption = (text: string): string[] => (text === "none" ? [] : text.split(",").map((entry) => entry.trim()));

type Files = Pick<UncertaintyRequest, "model" | "data">;

async function run(options: Options & Files, terminal: Terminal): Promise<void> {
  const { out, report, json, force: _, columns, ignore, id, heading, encoding, ...rest } = options;
  const table = { columns, ignore, id, heading, encoding };
  const request: UncertaintyRequest = {
    ...rest,
    seed: options.seed ?? DEFAULT_SEED,
    report: report !== undefined,
    table,
  };
  const { RowFile } = await import("../uncertainty/files.js");
  // refuses a wrong name before the work, not after it
  const file = out === undefined ? undefined : new RowFile(out, request);
  checkPaths(options);
  const { loadRuntime } = await import("../uncertainty/runtime.js");
  const { runUncertainty } = await import("../uncertainty/run.js");
  const ort = await loadRuntime(NAME);
  const progress = startProgress(terminal, 1000);
  const onProgress = (done: number, what: string): void => progress.update(Math.round(1000 * done), what);
  file?.open(); // waits for a reader where it is a pipe, and signals end that
  const interrupt = interruptible();
  let result: Awaited<ReturnType<typeof runUncertainty>>;
  try {
    if (report !== undefined) makeFolder(`${NAME}: --report`, report);
    result = await runUncertainty(request, { ort, onProgress, signal: interrupt.signal, file });
  } catch (error) {
    throw asFailure(error);
  } finally {
    progress.stop();
    interrupt.release();
    file?.discard();
  }
  for (const warning of result.inspection.warnings) terminal.note(`${NAME}: ${warning}`);
  const page = report === undefined ? undefined : await writeReport(result, report);
  const { uncertaintyJson, uncertaintyText } = await import("../uncertainty/print.js");
  if (json) await terminal.write(`${JSON.stringify(uncertaintyJson(result), null, 2)}\n`);
  else await terminal.write(uncertaintyText(result, terminal.paint) + written(page, out, terminal));
}

/** Before anything is read: what is written takes the place of nothing that is read, or was not named. */
function checkPaths({ model, data, labels, strange, out, report, force }: Options & Files): void {
  const inputs: NamedPath[] = [
    ["the model", model],
    ["the data", data],
    ["--labels", labels],
    ...(strange ?? []).map((path): NamedPath => ["--strange", path]),
  ];
  checkApart(NAME, [["--out", out]], inputs);
  if (report === undefined) return;
  checkFolder(`${NAME}: --report`, report);
  if (!force) checkReportFolder(`${NAME}: --report`, report, PICTURES);
}

/** What ONNX Runtime or the library refuses of a model while it runs, in the library's words. */
function asFailure(error: unknown): unknown {
  const isWorded = error instanceof Error && /^(?:monteCarlo|predict)[\w.]*: /i.test(error.message);
  if (!isWorded) return error;
  return new Failure(error.message.replace(/^[\w.]+/, NAME), { cause: error });
}

/** The first signal (Ctrl-C and its kin) asks for an end; what was found is kept then. */
function interruptible(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  return { signal: controller.signal, release: holdSignals((signal) => controller.abort(signal)) };
}

async function writeReport(
  result: Parameters<typeof import("../uncertainty/report/write-report.js").writeUncertaintyReport>[0],
  folder: string,
): Promise<string> {
  const { writeUncertaintyReport } = await import("../uncertainty/report/write-report.js");
  return writeUncertaintyReport(result, folder)[0]!;
}

function written(page: string | undefined, out: string | undefined, { paint }: Terminal): string {
  const lines = [
    ...(out === undefined ? [] : [`${paint.bold("Rows")}: ${out}\n`]),
    ...(page === undefined ? [] : [`${paint.bold("Report")}: ${page}\n`]),
  ];
  return lines.length === 0 ? "" : `\n${lines.join("")}`;
}
