// `hadamask explain`: one worked example of dropout, element by element.

import { GRADIENT_FLOW_SIZE, gradientFlow, light } from "@hadamask/experiments/charts";
import { asUsage, UsageError } from "@hadamask/experiments/settings";
import { type Key, key, type Mode, normal, type RateOption, type Scaling, unpackMask } from "hadamask";
import { createStream, STREAM_NAMES, type StreamName } from "hadamask/streams";
import {
  gradientError,
  gradientWithout,
  type LossName,
  type Pass,
  type PassRequest,
  runPass,
  type Upstream,
} from "../explain/pass.js";
import { LOSS_TEXT, walk } from "../explain/walk.js";
import { writeFileWhole } from "../files/write-file.js";
import { absent, jsonText } from "../output/json.js";
import { short } from "../output/number.js";
import type { Terminal } from "../output/terminal.js";
import { inOptions } from "./in-options.js";
import {
  anySeedOption,
  choiceOption,
  DEFAULT_SEED,
  keepFlag,
  numbersOption,
  ownSeed,
  rateFlag,
  rateOption,
} from "./options.js";
import { checkFile } from "./paths.js";
import { examples, type Register } from "./register.js";

const LOSSES = ["sum", "sum-of-squares"] as const satisfies readonly LossName[];
const MODES = ["train", "eval", "sample"] as const satisfies readonly Mode[];
const SCALINGS = ["inverted", "classic"] as const satisfies readonly Scaling[];
/** What the library calls what these options give. */
const ARGUMENTS = { rate: "--rate", keep: "--keep", mask: "--mask", grad: "--grad", n: "N of --x normal:N" };
const FIGURE = "dropout_gradient_flow.png";

export const explain: Register = (program, terminal) => {
  program
    .command("explain")
    .description("Work one example of dropout through, forward and back, element by element.")
    .option("--x <values>", "input: numbers separated by commas, or normal:N (default: 2,4,6,8)", inputOption)
    .option(
      "--mask <bits>",
      "mask by hand: 1 keeps, 0 drops (default: drawn from the seed)",
      numbersOption("explain: --mask"),
    )
    .option("--loss <loss>", "sum or sum-of-squares of y (default: sum)", choiceOption("explain: --loss", LOSSES))
    .option(
      "--grad <values>",
      "gradient with respect to y by hand, instead of --loss",
      numbersOption("explain: --grad"),
    )
    .addOption(rateFlag("explain"))
    .addOption(keepFlag("explain"))
    .option("--seed <n>", "seed of the mask's key, and of normal:N (default: 42)", anySeedOption("explain: --seed"))
    .option(
      "--stream <name>",
      "draw the mask as another framework does for that seed, for instance torch",
      choiceOption("explain: --stream", STREAM_NAMES),
    )
    .option("--mode <mode>", "train, eval or sample", choiceOption("explain: --mode", MODES), "train")
    .option("--scaling <scaling>", "inverted or classic", choiceOption("explain: --scaling", SCALINGS), "inverted")
    .option("--figure [file]", `draw it as .png or .svg (default file: ${FIGURE})`)
    .option("--json", "print one JSON object and nothing else")
    .addHelpText(
      "after",
      examples([
        ["hadamask explain", "the standard example"],
        ["hadamask explain --mask 1,0,1,0 --grad 0.1,0.2,0.3,0.4", "everything by hand"],
        ["hadamask explain --rate 0.2 --x 1,-2,3 --seed 7", "another rate: the factor is 1/keep = 1.25"],
        ["hadamask explain --mode eval --scaling classic", "what prediction does"],
        ["hadamask explain --stream torch --seed 1", "with the mask of nn.Dropout after torch.manual_seed(1)"],
        ["hadamask explain --x normal:10 --loss sum-of-squares --figure", "and a picture of it"],
      ]),
    )
    .action((options: ExplainOptions) => inOptions("explain", ARGUMENTS, () => run(options, terminal)));
};

type Input = { readonly values: readonly number[] } | { readonly normal: number };

interface ExplainOptions {
  readonly x?: Input;
  readonly mask?: readonly number[];
  readonly loss?: LossName;
  readonly grad?: readonly number[];
  readonly rate?: number;
  readonly keep?: number;
  readonly seed?: bigint;
  readonly stream?: StreamName;
  readonly mode: Mode;
  readonly scaling: Scaling;
  readonly figure?: true | string;
  readonly json?: true;
}

function inputOption(text: string): Input {
  const normals = /^normal:(\d+)$/.exec(text);
  if (normals !== null) return { normal: checkLength(Number(normals[1])) };
  if (text.startsWith("normal")) {
    throw new UsageError(`explain: --x must be numbers separated by commas or normal:N, got ${JSON.stringify(text)}`);
  }
  const values = numbersOption("explain: --x")(text);
  checkLength(values.length);
  return { values };
}

/** Each element has a line, and more make no example. */
const MOST = 10_000;

function checkLength(n: number): number {
  if (n <= MOST || n >= 2 ** 32) return n; // the library has a sentence for what is no length at all
  throw new UsageError(`explain: --x must have at most ${MOST} elements, got ${n}`);
}

const WHY_ABSENT = {
  scale: "at rate 1 no element is kept",
  mask: 'mode "eval" draws none',
  loss: "the gradient was given, and no loss",
} as const;

async function run(options: ExplainOptions, terminal: Terminal): Promise<void> {
  const figure = checkFigure(options.figure);
  const request = checkRequest(options);
  if (figure !== undefined) checkFile("explain: --figure", figure);
  const pass = asUsage(() => runPass(request));
  if (options.json) await terminal.write(`${jsonText({ ...pass, ...absent(pass, WHY_ABSENT) })}\n`);
  else {
    const { upstream } = request;
    const surroundings = { upstream, origin: originOf(options), gradientError: gradientError(request, pass) };
    await terminal.write(walk(pass, surroundings, terminal.paint));
  }
  if (figure === undefined) return;
  writeFileWhole(figure, await draw(figure, request, pass, options));
  terminal.note(`figure written to ${figure}`);
}

function checkFigure(figure: true | string | undefined): string | undefined {
  const path = figure === true ? FIGURE : figure;
  if (path === undefined || /\.(png|svg)$/i.test(path)) return path;
  throw new UsageError(`explain: --figure must end in .png or .svg, got ${JSON.stringify(path)}`);
}

function checkRequest(options: ExplainOptions): PassRequest {
  const { mode, scaling, mask, loss, grad, stream, seed = DEFAULT_SEED } = options;
  if (loss !== undefined && grad !== undefined) {
    throw new UsageError("explain: pass either --loss or --grad, not both; --loss gives its own gradient");
  }
  if (mask !== undefined && stream !== undefined) {
    throw new UsageError("explain: pass either --mask or --stream, not both");
  }
  if (mask !== undefined && mode === "eval") {
    throw new UsageError('explain: --mask goes with mode "train" or "sample"; mode "eval" has none');
  }
  // A stream has seeds of its own; x is drawn from a key all the same.
  const seedKey = key(stream === undefined ? ownSeed("explain: --seed", seed) : BigInt.asUintN(64, seed));
  const upstream: Upstream = grad === undefined ? { loss: loss ?? "sum" } : { grad };
  const request = { x: inputOf(options.x, seedKey), rate: rateOption(options), key: seedKey, mode, scaling, upstream };
  if (stream !== undefined && mode !== "eval") {
    return { ...request, mask: asUsage(() => drawn(stream, seed, request.x.length, request.rate)) };
  }
  return mask === undefined ? request : { ...request, mask };
}

const drawn = (name: StreamName, seed: bigint, n: number, rate: RateOption): readonly number[] => [
  ...unpackMask(createStream(name, seed).keepMask(n, rate), n),
];

function inputOf(x: Input | undefined, seedKey: Key): readonly number[] {
  if (x === undefined) return [2, 4, 6, 8];
  return "values" in x ? x.values : asUsage(() => [...normal(x.normal, { key: seedKey })]);
}

function originOf({ x, mask, mode, stream, seed = DEFAULT_SEED }: ExplainOptions): string[] {
  const lines: string[] = [];
  if (x !== undefined && "normal" in x) lines.push(`x drawn with normal(${x.normal}, { key: key(${seed}) })`);
  if (mask !== undefined) lines.push("mask given by hand");
  else if (stream !== undefined && mode !== "eval") lines.push(`mask drawn as stream ${stream} does for seed ${seed}`);
  else if (mode !== "eval") lines.push(`mask drawn with key(${seed})`);
  return lines;
}

async function draw(
  path: string,
  request: PassRequest,
  pass: Pass,
  options: ExplainOptions,
): Promise<string | Uint8Array> {
  const { renderPng, renderSvg } = await import("../output/render-chart.js");
  const flow = { ...pass, dxWithout: gradientWithout(request), caption: captionOf(request, pass, options) };
  const option = gradientFlow(flow, light);
  return /\.svg$/i.test(path) ? renderSvg(option, GRADIENT_FLOW_SIZE) : renderPng(option, GRADIENT_FLOW_SIZE);
}

function captionOf({ upstream }: PassRequest, pass: Pass, options: ExplainOptions): string {
  const { mask, stream, seed = DEFAULT_SEED } = options;
  const parts = [`rate ${short(pass.rate)}`];
  if (pass.mode !== "train") parts.push(`mode ${pass.mode}`);
  if (pass.scaling !== "inverted") parts.push(`scaling ${pass.scaling}`);
  if (pass.mode !== "eval")
    parts.push(mask === undefined ? `${stream === undefined ? "" : `${stream}, `}seed ${seed}` : "mask by hand");
  parts.push("grad" in upstream ? "∂L/∂y given" : `L = ${LOSS_TEXT[upstream.loss]}`);
  return parts.join(", ");
}
