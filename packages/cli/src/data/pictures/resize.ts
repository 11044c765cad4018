// Pictures made larger, smaller, or cut: Pillow's bilinear filter to the bit, which torchvision's Resize is, and
// torchvision's CenterCrop. Knows no file.

import type { Pixels } from "./decode.js";

export interface PictureSize {
  readonly height: number;
  readonly width: number;
}

/** Bits behind the point of Pillow's weights: 32, less 8 for the values and 2 to be safe. */
const PRECISION = 22;

/** Which source pixels make one new pixel, and how much each counts. */
interface Taps {
  readonly first: number;
  readonly weights: Int32Array;
}

/**
 * Weights of Pillow's bilinear filter: a triangle as wide as two source pixels, or, where the picture gets smaller, as
 * two new ones, so that every source pixel counts (antialias).
 *
 * @see Pillow, src/libImaging/Resample.c: precompute_coeffs and normalize_coeffs_8bpc.
 */
function tapsOf(from: number, to: number): Taps[] {
  const scale = from / to;
  const width = Math.max(1, scale);
  return Array.from({ length: to }, (_, i) => {
    const center = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(center - width + 0.5));
    const end = Math.min(from, Math.trunc(center + width + 0.5));
    const raw = Float64Array.from({ length: end - first }, (_, k) => {
      const distance = Math.abs((k + first - center + 0.5) * (1 / width));
      return distance < 1 ? 1 - distance : 0;
    });
    const sum = raw.reduce((a, b) => a + b, 0);
    const weights = Int32Array.from(raw, (weight) =>
      Math.trunc(0.5 + (sum === 0 ? weight : weight / sum) * 2 ** PRECISION),
    );
    return { first, weights };
  });
}

/** Rounded, and held to a byte. */
const byteOf = (sum: number): number => Math.min(255, Math.max(0, Math.floor(sum / 2 ** PRECISION)));

/** Bilinear, first along the lines, then along the columns, rounded to bytes in between. */
export function resized(pixels: Pixels, { height, width }: PictureSize): Pixels {
  const wide = pixels.width === width ? pixels : alongLines(pixels, width);
  return wide.height === height ? wide : alongColumns(wide, height);
}

function alongLines({ width: from, height, channels, values }: Pixels, width: number): Pixels {
  const out = new Uint8Array(height * width * channels);
  const taps = tapsOf(from, width);
  for (let y = 0, at = 0; y < height; y++) {
    for (const { first, weights } of taps) {
      const start = (y * from + first) * channels;
      for (let c = 0; c < channels; c++, at++) {
        let sum = 2 ** (PRECISION - 1);
        for (let k = 0, i = start + c; k < weights.length; k++, i += channels) sum += values[i]! * weights[k]!;
        out[at] = byteOf(sum);
      }
    }
  }
  return { width, height, channels, values: out };
}

function alongColumns({ width, height: from, channels, values }: Pixels, height: number): Pixels {
  const line = width * channels;
  const out = new Uint8Array(height * line);
  const taps = tapsOf(from, height);
  taps.forEach(({ first, weights }, y) => {
    for (let x = 0; x < line; x++) {
      let sum = 2 ** (PRECISION - 1);
      for (let k = 0, i = first * line + x; k < weights.length; k++, i += line) sum += values[i]! * weights[k]!;
      out[y * line + x] = byteOf(sum);
    }
  });
  return { width, height, channels, values: out };
}

/** The size with the shorter side `short`, and the longer one in proportion, rounded down as torchvision does. */
export function shortSide({ height, width }: PictureSize, short: number): PictureSize {
  const long = Math.trunc((short * Math.max(height, width)) / Math.min(height, width));
  return width <= height ? { height: long, width: short } : { height: short, width: long };
}

/** The middle of a picture. It has to be large enough. */
export function centerCrop({ width: from, height: lines, channels, values }: Pixels, size: PictureSize): Pixels {
  const { height, width } = size;
  const [top, left] = [halfEven(lines - height), halfEven(from - width)];
  const out = new Uint8Array(height * width * channels);
  for (let y = 0; y < height; y++) {
    const start = ((top + y) * from + left) * channels;
    out.set(values.subarray(start, start + width * channels), y * width * channels);
  }
  return { width, height, channels, values: out };
}

/** n / 2 as Python rounds it: halves to the even number. */
const halfEven = (n: number): number => (n % 4 === 3 ? (n + 1) / 2 : Math.floor(n / 2));

/** One channel of three, by the weights of Pillow's `convert("L")` (ITU-R 601), or three of one. */
export function inChannels(pixels: Pixels, channels: 1 | 3): Pixels {
  if (pixels.channels === channels) return pixels;
  const { width, height, values } = pixels;
  if (channels === 3) {
    const out = new Uint8Array(3 * values.length);
    for (let i = 0; i < out.length; i++) out[i] = values[Math.floor(i / 3)]!;
    return { width, height, channels, values: out };
  }
  const out = new Uint8Array(width * height);
  for (let i = 0; i < out.length; i++) {
    out[i] = (values[3 * i]! * 19595 + values[3 * i + 1]! * 38470 + values[3 * i + 2]! * 7471 + 0x8000) >> 16;
  }
  return { width, height, channels, values: out };
}
