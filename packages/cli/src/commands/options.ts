// From the text of an option to a value. What a value means is for the library to check; here it only has to be
// readable.

import { listed, UsageError } from "@hadamask/experiments/settings";
import { Option } from "commander";
import type { RateOption } from "hadamask";
import { isNumber } from "../data/cells.js";

type Parser<T> = (text: string) => T;

const misread = (option: string, rule: string, text: string, advice = ""): UsageError =>
  new UsageError(`${option} must be ${rule}, got ${JSON.stringify(text)}${advice}`);

/** What a percentage, or a number with a decimal comma, stands for. */
function asMeant(text: string): number | undefined {
  const [, digits, percent] = /^\s*(\d*[.,]?\d+)\s*(%?)\s*$/.exec(text) ?? [];
  if (digits === undefined || /^[1-9]\d*,\d{3}$/.test(digits)) return undefined; // 1,000 may be a thousand
  return Number(digits.replace(",", ".")) / (percent === "%" ? 100 : 1);
}

/** A decimal number, as in tables; empty text, "12px", "0x10" and "NaN" are none. */
const readNumber = (text: string): number => (isNumber(text) ? Number(text) : Number.NaN);

/** Reads a number. */
export const numberOption =
  (option: string): Parser<number> =>
  (text) => {
    const value = readNumber(text);
    if (Number.isFinite(value)) return value;
    const meant = asMeant(text);
    throw misread(option, "a number", text, meant === undefined ? "" : `; write ${meant}`);
  };

/** Reads numbers separated by commas. */
export const numbersOption =
  (option: string): Parser<number[]> =>
  (text) => {
    const values = text.split(",").map(readNumber);
    if (!values.every(Number.isFinite)) throw misread(option, "numbers separated by commas", text);
    return values;
  };

/** Reads a whole number, 0 or more. */
export const wholeOption =
  (option: string): Parser<number> =>
  (text) => {
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(Number(text))) throw misread(option, "a whole number", text);
    return Number(text);
  };

/** Reads a whole number, 1 or more. */
export const countOption =
  (option: string): Parser<number> =>
  (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : 0;
    if (value < 1 || !Number.isSafeInteger(value)) throw misread(option, "a whole number above 0", text);
    return value;
  };

/** Reads whole numbers separated by commas. */
export const wholesOption =
  (option: string): Parser<number[]> =>
  (text) => {
    const values = text.split(",").map((part) => part.trim());
    if (!values.every((value) => /^\d+$/.test(value) && Number.isSafeInteger(Number(value)))) {
      throw misread(option, "whole numbers separated by commas", text);
    }
    return values.map(Number);
  };

const OWN_SEED = "a whole number in [0, 2^64)";

/** Reads a seed without losing digits: a whole number in [0, 2^64). */
export const seedOption =
  (option: string): Parser<bigint> =>
  (text) => {
    if (!/^\d+$/.test(text) || BigInt(text) >= 1n << 64n) throw misread(option, OWN_SEED, text);
    return BigInt(text);
  };

/** Reads a seed of any framework, which may be negative; {@link ownSeed} checks it where it is to be a key's. */
export const anySeedOption =
  (option: string): Parser<bigint> =>
  (text) => {
    if (!/^-?\d+$/.test(text)) throw misread(option, OWN_SEED, text);
    return BigInt(text);
  };

/** The seed of a key: what {@link seedOption} reads. */
export function ownSeed(option: string, seed: bigint): bigint {
  return seedOption(option)(String(seed));
}

/** Reads one of a few words. */
export const choiceOption =
  <T extends string>(option: string, choices: readonly T[]): Parser<T> =>
  (text) => {
    if (!(choices as readonly string[]).includes(text)) throw misread(option, listed(choices, "or"), text);
    return text as T;
  };

export const rateFlag = (command: string): Option =>
  new Option("--rate <r>", "probability of dropping an element (default: 0.5)").argParser(
    numberOption(`${command}: --rate`),
  );

export const keepFlag = (command: string): Option =>
  new Option("--keep <k>", "probability of keeping an element, instead of --rate").argParser(
    numberOption(`${command}: --keep`),
  );

/** What was given as --rate and --keep, for the library to check; rate 0.5 where neither was. */
export function rateOption({ rate, keep }: { readonly rate?: number; readonly keep?: number }): RateOption {
  if (rate === undefined && keep === undefined) return { rate: 0.5 };
  return { rate, keep } as RateOption;
}

/** The seed of commands that are not told one. */
export const DEFAULT_SEED = 42n;
