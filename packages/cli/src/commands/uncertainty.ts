// `hadamask uncertainty`: Monte-Carlo dropout with a trained ONNX model on rows of data, and what it is worth.

import { UsageError } from "@hadamask/experiments/settings";
import type { ColumnsAsked } from "../data/columns.js";
import { Failure } from "../failure.js";
import { jsonText } from "../output/json.js";
import { startProgress } from "../output/progress.js";
import { despiteClosed, type Terminal } from "../output/terminal.js";
import { checkReportFolder } from "../page/own.js";
import { holdSignals } from "../signals.js";
import { KINDS } from "../uncertainty/kind.js";
import type { UncertaintyRequest } from "../uncertainty/request.js";
import { RIVALS } from "../uncertainty/rivals.js";
import { WHERE_HELP } from "../uncertainty/where.js";
import { inCommandWords } from "../uncertainty/wording.js";
import { withColumns } from "./column-options.js";
import { choiceOption, countOption, DEFAULT_SEED, seedOption } from "./options.js";
import { checkApart, checkFolder, makeFolder, type NamedPath } from "./paths.js";
import { examples, type Register } from "./register.js";
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

const NAME = "uncertainty";

/** The pictures that a report may have. */
const PICTURES = ["least-certain", "maps", "reliability", "risk-coverage", "entropy", "strange", "prediction"] as const;

export const uncertainty: Register = (program, terminal) => {
  const command = program
    .command(NAME)
    .description("Predict many times over with other masks each time, and say how sure a trained model is of each row.")
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
    .option("--id <column>", "column of a CSV file with what its rows are called")
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
      `what the answer is: ${KINDS.join(", ")}; auto says what it takes it for and why`,
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
      "what these are calibrated with: a share of the labelled rows (default 0.5), or FILE,COLUMN",
      calibrateOption,
    )
    .option(
      "--score <score>",
      "how they are cut: lac, aps or raps (sets); absolute, normalized or quantile (intervals)",
      choiceOption(`${NAME}: --score`, ["lac", "aps", "raps", "absolute", "normalized", "quantile"]),
    )
    .option("--per-class", "the promise of sets holds for each class by itself")
    .option(
      "--compare <list>",
      `what else to hold beside dropout: ${Object.keys(RIVALS).join(", ")}, fixed:8, all (needs --labels)`,
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
    .option("--size <size>", "pictures are resized to HxW, or so that their shorter side is N", sizeOption)
    .option("--crop <size>", "then the middle of this size is cut out", cropOption)
    .option(
      "--mean <numbers>",
      "then pixels from 0 to 1 less this, a number for each channel",
      channelsOption("--mean"),
    )
    .option("--std <numbers>", "and divided by this; 1/255 keeps 0 to 255", channelsOption("--std"))
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
    .option("--passes <file>", "write every single pass as .npy, [samples, rows, ...], which makes them once more")
    .option("--report <dir>", "write a report with figures")
    .option("--force", "let the report replace files of its names that are no report's")
    .option("--json", "print what was found as one JSON object and nothing else")
    .addHelpText("after", whereHelp())
    .addHelpText(
      "after",
      examples([
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
    .action((model: string, data: string[], options: Options) =>
      run({ ...options, ...filesOf(model, data, options) }, despiteClosed(terminal)),
    );
};

function whereHelp(): string {
  const width = Math.max(...WHERE_HELP.map(([term]) => term.length));
  return (
    `\nTerms of --where, separated by commas (hadamask inspect lists the places of a ` +
    `model):\n${WHERE_HELP.map(([term, what]) => `  ${term.padEnd(width)}  ${what}`).join("\n")}`
  );
}

interface Options
  extends Omit<
      UncertaintyRequest,
      "model" | "others" | "data" | "mainInput" | "inputs" | "constants" | "seed" | "samples" | "report" | "table"
    >,
    Omit<ColumnsAsked, "label"> {
  readonly input?: UncertaintyRequest["inputs"];
  readonly constant?: UncertaintyRequest["constants"];
  readonly seed?: bigint;
  readonly samples?: number | "auto";
  readonly out?: string;
  readonly report?: string;
  readonly force?: true;
  readonly json?: true;
}

type Files = Pick<UncertaintyRequest, "model" | "others" | "data" | "mainInput" | "inputs">;

/** Models are what is called .onnx. The rows: the data that were named, or else the file of the first input. */
function filesOf(model: string, rest: readonly string[], { input }: Options): Files {
  const isModel = (path: string): boolean => /\.onnx$/i.test(path);
  const others = rest.filter(isModel);
  const [data, second] = rest.filter((path) => !isModel(path));
  if (second !== undefined)
    throw new UsageError(
      `${NAME}: there must be one file or folder of data behind the models, got ${data} and ${second}`,
    );
  const models = { model, ...(others.length > 0 ? { others } : {}) };
  if (data !== undefined) return { ...models, data, inputs: input };
  const [first, ...inputs] = input ?? [];
  if (first === undefined)
    throw new UsageError(`${NAME}: the data are missing; pass a file after the model, or --input NAME=FILE.npy`);
  return { ...models, data: first.text, mainInput: first.name, inputs };
}

async function run(options: Options & Files, terminal: Terminal): Promise<void> {
  const { out, report, json, force: _, input: __, constant, columns, ignore, id, heading, encoding, ...rest } = options;
  const table = { columns, ignore, id, heading, encoding };
  const request: UncertaintyRequest = {
    ...rest,
    constants: constant,
    seed: options.seed ?? DEFAULT_SEED,
    samples: options.samples ?? (typeof options.masks === "object" ? options.masks.fixed : 100),
    report: report !== undefined,
    table,
  };
  const { RowFile } = await import("../uncertainty/files.js");
  const { checkPassesFile } = await import("../uncertainty/passes-file.js");
  checkPassesFile(options.passes, request.samples);
  checkTogether(request);
  if (options.calibrate !== undefined && options.conformal === undefined)
    throw new UsageError(`${NAME}: --calibrate goes with --conformal, for instance --conformal 0.9`);
  if (typeof options.calibrate === "object" && (options.inputs ?? []).length > 0)
    throw new UsageError(`${NAME}: --calibrate must be a share where there are several inputs, got a file`);
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
  if (json) await terminal.write(`${jsonText(uncertaintyJson(result), 2)}\n`);
  else await terminal.write(uncertaintyText(result, terminal.paint) + written(page, out, terminal));
}

/** Options that go with others only. */
function checkTogether({ compare, labels, others, score, perClass, conformal, passes }: UncertaintyRequest): void {
  if (compare !== undefined && labels === undefined)
    throw new UsageError(`${NAME}: --compare needs right answers; pass --labels`);
  if (score !== undefined && conformal === undefined)
    throw new UsageError(`${NAME}: --score goes with --conformal, for instance --conformal 0.9`);
  if (perClass === true && conformal === undefined)
    throw new UsageError(`${NAME}: --per-class goes with --conformal, for instance --conformal 0.9`);
  if (others !== undefined && passes !== undefined)
    throw new UsageError(`${NAME}: --passes goes with one model, got ${1 + others.length}`);
}

/** Before anything is read: what is written takes the place of nothing that is read, or was not named. */
function checkPaths({
  model,
  others,
  data,
  labels,
  inputs,
  calibrate,
  strange,
  out,
  passes,
  report,
  force,
}: Options & Files): void {
  const read: NamedPath[] = [
    ["the model", model],
    ...(others ?? []).map((path): NamedPath => ["a model", path]),
    ["the data", data],
    ["--labels", labels],
    ...(inputs ?? []).map(({ text }): NamedPath => ["--input", text]),
    ["--calibrate", typeof calibrate === "object" ? calibrate.file : undefined],
    ...(strange ?? []).map((path): NamedPath => ["--strange", path]),
  ];
  checkApart(
    NAME,
    [
      ["--out", out],
      ["--passes", passes],
    ],
    read,
  );
  if (report === undefined) return;
  checkFolder(`${NAME}: --report`, report);
  if (!force) checkReportFolder(`${NAME}: --report`, report, PICTURES);
}

/** What ONNX Runtime or the library refuses of a model while it runs, in the library's words. */
function asFailure(error: unknown): unknown {
  const isWorded =
    error instanceof Error && /^(monteCarlo|answer|predict|passes|ensemble(\.predict)?): /.test(error.message);
  if (!isWorded) return error;
  return new Failure(inCommandWords(error.message), { cause: error });
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
