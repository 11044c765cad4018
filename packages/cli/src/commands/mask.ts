// `hadamask mask`: prints or saves masks, of our own stream or of another framework's.

import { UsageError } from "@hadamask/experiments/settings";
import { type RateOption, unpackMask } from "hadamask";
import { STREAM_NAMES, type StreamName } from "hadamask/streams";
import { sizeOf } from "../data/size.js";
import { npyBoolHeader } from "../files/npy.js";
import { createFileWhole } from "../files/write-file.js";
import type { Terminal } from "../output/terminal.js";
import { inOptions } from "./in-options.js";
import { type MaskSource, sourceOf, type Words } from "./mask-source.js";
import { anySeedOption, choiceOption, keepFlag, rateFlag, rateOption, wholeOption, wholesOption } from "./options.js";
import { examples, type Register } from "./register.js";

const DTYPES = ["f32", "f64"] as const;
const FORMATS = ["bits", "words", "json", "npy"] as const;
type Format = (typeof FORMATS)[number];

/** What the library calls what these options give. */
const ARGUMENTS = { rate: "--rate", keep: "--keep", seed: "--seed", threads: "--threads", n: "--shape" };

export const mask: Register = (program, terminal) => {
  program
    .command("mask")
    .description("Print or save a mask: which elements are kept (1) and which are dropped (0).")
    .requiredOption("--shape <sizes>", "shape of the mask, sizes separated by commas", wholesOption("mask: --shape"))
    .addOption(rateFlag("mask"))
    .addOption(keepFlag("mask"))
    .option("--seed <n>", "seed of the key, or of --stream (default: 42)", anySeedOption("mask: --seed"))
    .option("--offset <n>", "index of the first element in the stream (default: 0)", wholeOption("mask: --offset"))
    .option(
      "--stream <name>",
      "draw it as another framework does for that seed",
      choiceOption("mask: --stream", STREAM_NAMES),
    )
    .option(
      "--dtype <type>",
      "with --stream: f32 or f64, of NumPy's uniforms or of the array to be masked; f64 with JAX: jax_enable_x64",
      choiceOption("mask: --dtype", DTYPES),
    )
    .option(
      "--threads <n>",
      "with --stream torch-cuda: threads that the device runs at once (default: 221184, an A100)",
      wholeOption("mask: --threads"),
    )
    .option(
      "--calls <k>",
      "with --stream: that many consecutive masks, a blank line between",
      wholeOption("mask: --calls"),
    )
    .option(
      "--format <format>",
      "bits, words, json or npy (default: bits, or npy for FILE.npy)",
      choiceOption("mask: --format", FORMATS),
    )
    .option("--out <file>", "write to a file instead of stdout (-)")
    .addHelpText("after", FORMAT_HELP)
    .addHelpText(
      "after",
      `\nStreams:\n  ${STREAM_NAMES.join(", ")}\n  docs/porting.md says what each draws and what it was ` +
        `checked against.`,
    )
    .addHelpText(
      "after",
      examples([
        ["hadamask mask --shape 4,5", "rate 0.5, seed 42"],
        ["hadamask mask --shape 4,5 --rate 0.2 --seed 7", "another rate and key"],
        ["hadamask mask --shape 5 --offset 15", "the last row of the first example"],
        ["hadamask mask --shape 128,1024 --out mask.npy", "for numpy.load"],
        ["hadamask mask --shape 3,10 --stream torch --seed 0", "torch.manual_seed(0); F.dropout on a [3, 10] tensor"],
        ["hadamask mask --shape 8 --stream numpy --calls 2", "two draws of default_rng(42)"],
      ]),
    )
    .action((options: MaskOptions) => inOptions("mask", ARGUMENTS, () => run(options, terminal)));
};

const FORMAT_HELP = `
Formats:
  bits   one row of 0 and 1 for each row of the last axis
  words  packed, 32 elements to a word, element i in bit i mod 32; one word of 8 hex digits a line
  json   one object with rate, keep, shape, where it is drawn from, and the mask in C order (with --calls: masks)
  npy    a NumPy array of bool (with --calls: stacked along a first axis)`;

interface MaskOptions {
  readonly shape: readonly number[];
  readonly rate?: number;
  readonly keep?: number;
  readonly seed?: bigint;
  readonly offset?: number;
  readonly stream?: StreamName;
  readonly dtype?: (typeof DTYPES)[number];
  readonly calls?: number;
  readonly threads?: number;
  readonly format?: Format;
  readonly out?: string;
}

/** A mask that is asked for, checked; it is drawn piece by piece. */
interface Request {
  readonly shape: readonly number[];
  readonly n: number;
  readonly rate: RateOption;
  readonly source: MaskSource;
  /** How many masks, where that was said. */
  readonly calls: number | undefined;
}

async function run(options: MaskOptions, terminal: Terminal): Promise<void> {
  const request = checkRequest(options);
  const format = options.format ?? (options.out?.endsWith(".npy") ? "npy" : "bits");
  if (options.out !== undefined && options.out !== "-") return toFile(options.out, WRITERS[format](request));
  if (format === "npy" && terminal.isInteractive) {
    throw new UsageError("mask: --format npy is binary and would garble the terminal; pass --out FILE or redirect it");
  }
  for (const chunk of WRITERS[format](request)) await terminal.write(chunk);
}

/** Between two pieces the event loop turns: a signal that came is heard. */
async function toFile(path: string, pieces: Iterable<string | Uint8Array>): Promise<void> {
  const file = createFileWhole(path);
  try {
    for (const piece of pieces) {
      file.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    file.commit();
  } catch (error) {
    file.discard();
    throw error;
  }
}

function checkRequest(options: MaskOptions): Request {
  const { shape, calls } = options;
  const n = sizeOf(shape);
  const rate = rateOption(options);
  return { shape, n, rate, calls, source: sourceOf(options, rate, n) };
}

/** Elements drawn at a time: a multiple of 32, so that words do not break. */
const PIECE = 2 ** 18;

/** Calls `draw(start, n)` for one piece of the elements after the other. */
function* pieces<T>(total: number, draw: (start: number, n: number) => T): Generator<T> {
  for (let start = 0; start < total; start += PIECE) yield draw(start, Math.min(PIECE, total - start));
}

const bytesOf = (words: Words, start: number, n: number): Uint8Array => unpackMask(words(start, n), n);

/** What `write` gives for each mask, with `between` between two of them. */
function* each(
  { source }: Request,
  between: string,
  write: (words: Words) => Iterable<string | Uint8Array>,
): Generator<string | Uint8Array> {
  let isFirst = true;
  for (const words of source.masks()) {
    if (!isFirst && between !== "") yield between;
    isFirst = false;
    yield* write(words);
  }
}

const WRITERS: Readonly<Record<Format, (request: Request) => Iterable<string | Uint8Array>>> = {
  bits: (request) =>
    each(request, "\n", (words) =>
      pieces(request.n, (start, n) => rowsOfText(bytesOf(words, start, n), start, request.shape.at(-1)!)),
    ),
  words: (request) =>
    each(request, "\n", (words) =>
      pieces(request.n, (start, n) =>
        Array.from(words(start, n), (word) => `${word.toString(16).padStart(8, "0")}\n`).join(""),
      ),
    ),
  *json(request) {
    const { n, shape, calls, rate, source } = request;
    const keep = rate.keep ?? 1 - rate.rate!;
    const { offset, ...head } = source.head;
    const about = { rate: rate.rate ?? 1 - keep, keep, ...head, shape, ...(offset === undefined ? {} : { offset }) };
    yield `${JSON.stringify(about).slice(0, -1)},${calls === undefined ? '"mask":' : '"masks":['}`;
    yield* each(request, ",", function* (words) {
      yield "[";
      yield* pieces(n, (start, count) => `${start === 0 ? "" : ","}${bytesOf(words, start, count).join(",")}`);
      yield "]";
    });
    yield calls === undefined ? "}\n" : "]}\n";
  },
  *npy(request) {
    const { n, shape, calls } = request;
    yield npyBoolHeader(calls === undefined ? shape : [calls, ...shape]);
    yield* each(request, "", (words) => pieces(n, (start, count) => bytesOf(words, start, count)));
  },
};

/** 0 and 1 characters, with a line break after each `width` elements of the whole mask. */
function rowsOfText(bits: Uint8Array, start: number, width: number): Uint8Array {
  const breaks = Math.floor((start + bits.length) / width) - Math.floor(start / width);
  const text = new Uint8Array(bits.length + breaks);
  let at = 0;
  bits.forEach((bit, i) => {
    text[at++] = 48 + bit; // "0" or "1"
    if ((start + i + 1) % width === 0) text[at++] = 10;
  });
  return text;
}
