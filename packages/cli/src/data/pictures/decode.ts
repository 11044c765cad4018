// PNG and JPEG files as pixels: grey or red, green and blue, one byte each, as Pillow and torchvision read them. Knows
// neither sizes nor models.

import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { type DecodedPng, decode as decodePng } from "fast-png";
import { DataError } from "../data-error.js";
import { readBytes } from "../read.js";

/** Bytes of a picture, row after row, its channels closest together. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly values: Uint8Array;
}

/** More is not a picture for a network, and would fill the memory. */
const MOST_PIXELS = 2 ** 28;

const isPng = (head: Uint8Array): boolean => [0x89, 0x50, 0x4e, 0x47].every((byte, i) => head[i] === byte);
const isJpeg = (head: Uint8Array): boolean => head[0] === 0xff && head[1] === 0xd8;

/**
 * Reads a picture. Which way a camera was held (EXIF) is not looked at, transparency is left away, and 16 bits become
 * 8, as Pillow's `convert("RGB")` does.
 *
 * @throws {DataError} If the file is neither PNG nor JPEG, is broken, or has colours of print (CMYK).
 */
export function readPicture(path: string, jpeg: JpegCodec): Pixels {
  const stat = statSync(path, { throwIfNoEntry: false });
  // A pipe would be waited for, with no end; a folder has a sentence of its own.
  if (stat !== undefined && !stat.isFile() && !stat.isDirectory())
    throw new DataError(`${path}: must be a PNG or JPEG file, got a pipe or a device`);
  const bytes = readBytes(path);
  if (isPng(bytes)) return fromPng(path, bytes);
  if (isJpeg(bytes)) return jpeg.decode(path, bytes);
  throw new DataError(`${path}: must be a PNG or JPEG file, got something else`);
}

/** Where a PNG says how its pixels are stored, and that they are numbers of colours. */
const [COLOUR_TYPE, WITH_PALETTE] = [25, 3];

function checkSize(path: string, width: number, height: number): void {
  if (width > 0 && height > 0 && width * height <= MOST_PIXELS) return;
  throw new DataError(`${path}: must have 1 to ${MOST_PIXELS} pixels, got ${width} x ${height}`);
}

// -- PNG --------------------------------------------------------------------------------------------------------------

function fromPng(path: string, bytes: Uint8Array): Pixels {
  const head = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length >= 24) checkSize(path, head.getUint32(16), head.getUint32(20)); // before room is made for it
  let png: DecodedPng;
  try {
    png = decodePng(bytes, { checkCrc: true });
  } catch (error) {
    throw new DataError(`${path}: is a broken PNG file`, { cause: error });
  }
  if (bytes[COLOUR_TYPE] === WITH_PALETTE && png.palette === undefined)
    throw new DataError(`${path}: is a broken PNG file: it has no palette`);
  const { width, height, palette } = png;
  const samples = eightBits(png);
  const stored = samples.length / (width * height);
  if (palette !== undefined) {
    return { width, height, channels: 3, values: gathered(samples, 3, (i, c) => palette[samples[i]!]?.[c] ?? 0) };
  }
  const channels = stored < 3 ? 1 : 3; // an even number of channels has one of transparency
  if (stored === channels) return { width, height, channels, values: samples };
  const values = new Uint8Array(width * height * channels);
  for (let i = 0; i < values.length; i++) values[i] = samples[Math.floor(i / channels) * stored + (i % channels)]!;
  return { width, height, channels, values };
}

/** `channels` numbers for every sample. */
function gathered(samples: Uint8Array, channels: number, of: (i: number, c: number) => number): Uint8Array {
  const values = new Uint8Array(samples.length * channels);
  for (let i = 0; i < values.length; i++) values[i] = of(Math.floor(i / channels), i % channels);
  return values;
}

/** One byte a sample. Of 1, 2 and 4 bits several lie in a byte, and lines begin with a new one. */
function eightBits({ width, height, depth, channels, data, palette }: DecodedPng): Uint8Array {
  if (depth === 16) return Uint8Array.from(data, (value) => value >> 8);
  if (depth === 8) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const perLine = width * channels;
  const lineBytes = Math.ceil((perLine * depth) / 8);
  const most = 2 ** depth - 1;
  const factor = palette === undefined ? 255 / most : 1;
  return Uint8Array.from({ length: perLine * height }, (_, i) => {
    const [line, at] = [Math.floor(i / perLine), (i % perLine) * depth];
    const byte = data[line * lineBytes + (at >> 3)]!;
    return ((byte >> (8 - depth - (at & 7))) & most) * factor;
  });
}

// -- JPEG -------------------------------------------------------------------------------------------------------------

/** libjpeg-turbo, compiled to WebAssembly: the library that Pillow decodes with, and the same pixels. */
export interface JpegCodec {
  /** @throws {DataError} If the file cannot be read. */
  decode(path: string, bytes: Uint8Array): Pixels;
}

interface TurboDecoder {
  getEncodedBuffer(bytes: number): Uint8Array;
  readHeader(): void;
  decode(): void;
  getFrameInfo(): { readonly width: number; readonly height: number; readonly componentCount: number };
  getDecodedBuffer(): Uint8Array;
  delete(): void;
}

interface Turbo {
  readonly JPEGDecoder: new () => TurboDecoder;
}

const PACKAGE = "@cornerstonejs/codec-libjpeg-turbo-8bit";

/** Loads the decoder, which takes some 60 ms. */
export async function loadJpegCodec(): Promise<JpegCodec> {
  const { resolve } = createRequire(import.meta.url);
  const { default: make } = (await import(`${PACKAGE}/decodewasmjs`)) as {
    default: (options: object) => Promise<Turbo>;
  };
  const quiet = (): void => {};
  const wasmBinary = readFileSync(resolve(`${PACKAGE}/decodewasm`));
  const turbo = await make({ wasmBinary, print: quiet, printErr: quiet });
  return { decode: (path, bytes) => fromJpeg(path, bytes, turbo) };
}

function fromJpeg(path: string, bytes: Uint8Array, { JPEGDecoder }: Turbo): Pixels {
  const { width, height, components } = jpegFrame(path, bytes);
  checkSize(path, width, height);
  if (components !== 1 && components !== 3) {
    throw new DataError(
      `${path}: must be grey or in colours of the screen, got ${components} components (CMYK); save it as RGB`,
    );
  }
  const decoder = new JPEGDecoder();
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    const channels = decoder.getFrameInfo().componentCount === 1 ? 1 : 3;
    // a copy: the memory belongs to the decoder
    return { width, height, channels, values: decoder.getDecodedBuffer().slice() };
  } catch (error) {
    throw new DataError(`${path}: is a broken JPEG file`, { cause: error });
  } finally {
    decoder.delete();
  }
}

/** What the header of the picture says (SOFn of the JPEG standard, ITU-T T.81, B.2.2). */
function jpegFrame(
  path: string,
  bytes: Uint8Array,
): { readonly width: number; readonly height: number; readonly components: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 10 <= bytes.length; ) {
    if (bytes[at] !== 0xff) break;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++; // filling
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7), components: bytes[at + 9]! };
    at += 2 + view.getUint16(at + 2);
  }
  throw new DataError(`${path}: is a broken JPEG file`);
}
