// `hadamask mask`: prints or saves a mask of stream 1.

import { type Key, keepMask, key, type RateOption, unpackMask } from "hadamask";
import { npyBoolHeader } from "../output/npy.js";
import type { Terminal } from "../output/terminal.js";
import { writeFileWhole } from "../output/write-file.js";
import { asUsage, UsageError } from "../usage.js";
import {
  choiceOption,
  DEFAULT_SEED,
  numberOption,
  rateOption,
  seedOption,
  wholeOption,
  wholesOption,
} from "./options.js";
import { examples, type Register } from "./register.js";

const FORMATS = ["bits", "words", "json", "npy"] as const;
type Format = (typeof FORMATS)[number];

export const mask: Register = (program, terminal) => {
  program
    .command("mask")
    .description("Print or save a mask: which elements are kept (1) and which are dropped (0).")
    .requiredOption("--shape <sizes>", "shape of the mask, sizes separated by commas", wholesOption("mask: --shape"))
    .option("--rate <r>", "probability of dropping an element (default: 0.5)", numberOption("mask: --rate"))
    .option("--keep <k>", "probability of keeping an element, instead of --rate", numberOption("mask: --keep"))
    .option("--seed <n>", "seed of the key (default: 42)", seedOption("mask: --seed"))
    .option("--offset <n>", "index of the first element in the stream", wholeOption("mask: --offset"), 0)
    .option(
      "--format <format>",
      "bits, words, json or npy (default: bits, or npy for FILE.npy)",
      choiceOption("mask: --format", FORMATS),
    )
    .option("--out <file>", "write to a file instead of stdout")
    .addHelpText("after", FORMAT_HELP)
    .addHelpText(
      "after",
      examples([
        ["hadamask mask --shape 4,5", "rate 0.5, seed 42"],
        ["hadamask mask --shape 4,5 --rate 0.2 --seed 7", "another rate and key"],
        ["hadamask mask --shape 5 --offset 15", "the last row of the first example"],
        ["hadamask mask --shape 128,1024 --out mask.npy", "for numpy.load"],
      ]),
    )
    .action((options: MaskOptions) => run(options, terminal));
};

const FORMAT_HELP = `
Formats:
  bits   one row of 0 and 1 for each row of the last axis
  words  packed, 32 elements to a word, element i in bit i mod 32; one word of 8 hex digits a line
  json   one object with rate, keep, key, shape, offset and the mask in C order
  npy    a NumPy array of bool`;

interface MaskOptions {
  readonly shape: readonly number[];
  readonly rate?: number;
  readonly keep?: number;
  readonly seed?: bigint;
  readonly offset: number;
  readonly format?: Format;
  readonly out?: string;
}

/** A mask that is asked for, checked; it is drawn piece by piece. */
interface Request {
  readonly shape: readonly number[];
  readonly n: number;
  readonly rate: RateOption;
  readonly key: Key;
  readonly offset: number;
}

async function run(options: MaskOptions, terminal: Terminal): Promise<void> {
  const request = checkRequest(options);
  const format = options.format ?? (options.out?.endsWith(".npy") ? "npy" : "bits");
  if (options.out !== undefined) {
    writeFileWhole(options.out, WRITERS[format](request));
    return;
  }
  if (format === "npy" && terminal.isInteractive) {
    throw new UsageError("mask: --format npy is binary and would garble the terminal; pass --out FILE or redirect it");
  }
  for (const chunk of WRITERS[format](request)) await terminal.write(chunk);
}

function checkRequest(options: MaskOptions): Request {
  const { shape, seed, offset } = options;
  const n = shape.reduce((product, size) => product * size, 1);
  if (!(offset + n <= 2 ** 53))
    throw new UsageError(`mask: --offset + elements must be at most 2^53, got ${offset + n}`);
  const request = { shape, n, rate: rateOption(options), key: key(seed ?? DEFAULT_SEED), offset };
  asUsage(() => keepMask(0, { ...request.rate, key: request.key })); // refuses a wrong rate before anything is written
  return request;
}

/** Elements drawn at a time: a multiple of 32, so that words do not break. */
const PIECE = 2 ** 18;

/** Calls `draw(start, n)` for one piece of the elements after the other. */
function* pieces<T>(total: number, draw: (start: number, n: number) => T): Generator<T> {
  for (let start = 0; start < total; start += PIECE) yield draw(start, Math.min(PIECE, total - start));
}

const wordsOf = (request: Request, start: number, n: number): Uint32Array =>
  keepMask(n, { ...request.rate, key: request.key, offset: request.offset + start });

const bytesOf = (request: Request, start: number, n: number): Uint8Array => unpackMask(wordsOf(request, start, n), n);

const WRITERS: Readonly<Record<Format, (request: Request) => Iterable<string | Uint8Array>>> = {
  bits: (request) =>
    pieces(request.n, (start, n) => rowsOfText(bytesOf(request, start, n), start, request.shape.at(-1)!)),
  words: (request) =>
    pieces(request.n, (start, n) =>
      Array.from(wordsOf(request, start, n), (word) => `${word.toString(16).padStart(8, "0")}\n`).join(""),
    ),
  *json(request) {
    const { n, shape, offset } = request;
    const keep = request.rate.keep ?? 1 - request.rate.rate!;
    const head = { rate: request.rate.rate ?? 1 - keep, keep, key: request.key, shape, offset };
    yield `${JSON.stringify(head).slice(0, -1)},"mask":[`;
    yield* pieces(n, (start, count) => `${start === 0 ? "" : ","}${bytesOf(request, start, count).join(",")}`);
    yield "]}\n";
  },
  *npy(request) {
    yield npyBoolHeader(request.shape);
    yield* pieces(request.n, (start, n) => bytesOf(request, start, n));
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
