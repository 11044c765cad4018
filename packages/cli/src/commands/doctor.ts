// `hadamask doctor`: what is wrong with a mask of any library, and which stream drew it.

import { asUsage, UsageError } from "@hadamask/experiments/settings";
import type { RateOption } from "hadamask";
import type { FoundStream, MaskReport } from "hadamask/doctor";
import type { NpyArray } from "../data/npy.js";
import { absent, jsonText } from "../output/json.js";
import type { Terminal } from "../output/terminal.js";
import { inOptions } from "./in-options.js";
import { anySeedOption, numberOption, rateOption, wholeOption } from "./options.js";
import { examples, type Register } from "./register.js";

/** What the library calls what these options give. */
const ARGUMENTS = { rate: "--rate", keep: "--keep", gradient: "--grad", seeds: "--seed", before: "--before" };

export const doctor: Register = (program, terminal) => {
  program
    .command("doctor")
    .description("Examine a mask, or the output of dropout, of any library: rate, repeats, correlations, its stream.")
    .argument("<mask>", "a .npy file: a mask, multipliers, or dropout of an array without zeros")
    .option(
      "--rate <r>",
      "the rate that was asked for; its stream is looked for only then",
      numberOption("doctor: --rate"),
    )
    .option(
      "--keep <k>",
      "the probability of keeping that was asked for, instead of --rate",
      numberOption("doctor: --keep"),
    )
    .option("--seed <n>", "the seed it was drawn under (default: some common ones)", anySeedOption("doctor: --seed"))
    .option(
      "--before <n>",
      "elements of the same call that may lie before a mask that was cut out (default: 16384)",
      wholeOption("doctor: --before"),
    )
    .option("--grad <file>", "the gradient that came back through it (.npy): was it the same mask?")
    .option("--json", "print everything as one JSON object and nothing else")
    .addHelpText(
      "after",
      examples([
        ["hadamask doctor mask.npy --rate 0.5", "a mask saved with numpy.save"],
        [
          "hadamask doctor y.npy --rate 0.1 --seed 1234 --grad dx.npy",
          "F.dropout of ones, and the gradient of its sum",
        ],
        ["hadamask doctor part.npy --rate 0.5 --seed 7 --before 1000000", "a part of a mask, far from its beginning"],
      ]),
    )
    .action((path: string, options: DoctorOptions) =>
      inOptions("doctor", ARGUMENTS, () => run(path, options, terminal)),
    );
};

interface DoctorOptions {
  readonly rate?: number;
  readonly keep?: number;
  readonly seed?: bigint;
  readonly before?: number;
  readonly grad?: string;
  readonly json?: true;
}

/** Elements whose stream is looked for at most: a second for each 10,000 with the default seeds. */
const MOST_IDENTIFIED = 1_000_000;

async function run(path: string, options: DoctorOptions, terminal: Terminal): Promise<void> {
  const hasRate = options.rate !== undefined || options.keep !== undefined;
  if (options.rate !== undefined && options.keep !== undefined)
    throw new UsageError("doctor: pass either --rate or --keep, not both; keep is 1 - rate");
  const rate = hasRate ? rateOption(options) : undefined;
  for (const name of ["seed", "before"] as const) {
    if (rate === undefined && options[name] !== undefined) {
      throw new UsageError(`doctor: --${name} goes with --rate or --keep: a stream is looked for at a known rate`);
    }
  }
  const { examineMask, identifyStream } = await import("hadamask/doctor");
  const mask = await read(path);
  const gradient = options.grad === undefined ? undefined : await read(options.grad);
  const report = asUsage(() =>
    examineMask(mask.values, {
      shape: mask.shape,
      ...(rate === undefined ? {} : { rate: rateOf(rate) }),
      ...(gradient === undefined ? {} : { gradient: gradient.values }),
    }),
  );
  const bits = Uint8Array.from(mask.values, (value) => (value === 0 ? 0 : 1));
  const isLooked = rate !== undefined && bits.length >= 64 && bits.length <= MOST_IDENTIFIED;
  const seeds = options.seed === undefined ? {} : { seeds: [plainSeed(options.seed)] };
  const before = options.before === undefined ? {} : { before: options.before };
  const streams = isLooked ? asUsage(() => identifyStream(bits, { ...rate, ...seeds, ...before })) : undefined;
  if (options.json) {
    const found = { ...report, streams: streams ?? null };
    const why = {
      isRateRight: "no --rate and no --keep was given",
      streams: streamLines(streams, bits.length)[0]!.replace(/^stream: /, ""),
      disagreements: "no --grad was given",
    };
    await terminal.write(`${jsonText({ ...found, ...absent(found, why) }, 2)}\n`);
    return;
  }
  await terminal.write(`${lines(path, mask, report, streams, bits.length, rate && rateOf(rate)).join("\n")}\n`);
}

const rateOf = (option: RateOption): number => option.rate ?? 1 - option.keep!;

const plainSeed = (seed: bigint): number | bigint => (Number.isSafeInteger(Number(seed)) ? Number(seed) : seed);

async function read(path: string): Promise<NpyArray> {
  const { readBytes } = await import("../data/read.js");
  const { isNpy, readNpy } = await import("../data/npy.js");
  const bytes = readBytes(path);
  if (!isNpy(bytes)) throw new UsageError(`doctor: ${path} is no .npy file; save the array with numpy.save`);
  return readNpy(path, bytes);
}

const percent = (share: number): string => `${(100 * share).toFixed(3)} %`;

function lines(
  path: string,
  { shape }: NpyArray,
  report: MaskReport,
  streams: readonly FoundStream[] | undefined,
  n: number,
  asked: number | undefined,
): string[] {
  const {
    kind,
    factor,
    draws,
    elements,
    repeats,
    rateInterval: [low, high],
  } = report;
  const what = { mask: "a mask of 0 and 1", multipliers: `0 and ${factor}`, values: "0 and other numbers" }[kind];
  const shared = draws === elements ? "" : `, ${draws} decisions`;
  return [
    `${path}: [${shape.join(", ")}], ${what}${shared}`,
    `rate ${percent(report.rate)}, 95 % interval ${percent(low)} to ${percent(high)}${verdictOf(report, asked)}`,
    repeatLine(report),
    ...correlationLines(report),
    ...(repeats.group > 1 || repeats.period !== undefined
      ? ["with repeats there are fewer decisions than elements: the interval is that of as many as there are"]
      : []),
    ...gradientLines(report),
    ...streamLines(streams, n),
  ];
}

function verdictOf({ isRateRight, rateInterval: [low, high] }: MaskReport, asked: number | undefined): string {
  if (isRateRight === undefined || asked === undefined) return "";
  if (!isRateRight) return ": NOT the rate that was asked for";
  if (asked >= low && asked <= high) return ": as asked for";
  return `: ${percent(asked)} is outside, as up to one right mask in 20 has it; too little to call the rate wrong`;
}

function repeatLine({ repeats: { sharedAxes, group, period } }: MaskReport): string {
  const found = [
    ...(sharedAxes.length > 0 ? [`one decision for all elements along axes ${sharedAxes.join(", ")}`] : []),
    ...(sharedAxes.length === 0 && group > 1 ? [`each decision serves ${group} neighbours`] : []),
    ...(sharedAxes.length === 0 && period !== undefined ? [`the mask starts again after ${period} elements`] : []),
  ];
  return found.length === 0 ? "no repeats along axes, in groups or periods" : `REPEATS: ${found.join("; ")}`;
}

/** Correlations that are shown. */
const FEW = 3;

const correlationLines = ({ correlations, repeats }: MaskReport): string[] => {
  if (repeats.group > 1 || repeats.period !== undefined) return [];
  if (correlations.length === 0)
    return ["no correlation beyond chance at distances to 1024 and at parts of the length"];
  return correlations
    .slice(0, FEW)
    .map((c) => `CORRELATED: ${c.correlation.toFixed(3)} at distance ${c.distance} (p ${c.p.toExponential(1)})`);
};

function gradientLines({ disagreements, elements }: MaskReport): string[] {
  if (disagreements === undefined) return [];
  if (disagreements === 0) return ["forward and backward dropped the same elements"];
  return [`DIFFERENT MASKS: forward and backward disagree in ${disagreements} of ${elements} elements`];
}

function streamLines(streams: readonly FoundStream[] | undefined, n: number): string[] {
  if (streams === undefined) {
    return n < 64 || n > MOST_IDENTIFIED
      ? [`stream: not looked for with ${n} elements (64 to ${MOST_IDENTIFIED} are)`]
      : ["stream: pass --rate to look for it"];
  }
  if (streams.length === 0) {
    return [
      "stream: none that hadamask knows, for these seeds, the first calls, and parts of them that begin early",
      "parts of calls of torch-cuda and jax-legacy cannot be found: give the whole mask; --seed and --before widen it",
    ];
  }
  return streams.map((found) => `stream: ${found.stream}, seed ${found.seed}, ${placeOf(found, n)}, ${found.dtype}`);
}

function placeOf({ as, call, offset, oddWord }: FoundStream, n: number): string {
  const drawn = as === undefined ? `call ${call + 1}` : `${as} ${call}`;
  if (offset === undefined) return drawn;
  const word = oddWord ? ", after one word more" : "";
  return `elements ${offset} to ${offset + n - 1} of ${drawn}${word}`;
}
