// What the options of `hadamask uncertainty` may be: from a text to a value, or a sentence.

import { UsageError } from "@hadamask/experiments/settings";
import type { BatchAxis, Masks } from "@hadamask/onnx";
import type { ImageShape, NamedText } from "../uncertainty/request.js";
import { RIVALS } from "../uncertainty/rivals.js";
import { numberOption, numbersOption, wholeOption } from "./options.js";

const NAME = "uncertainty";

/** Errors shrink with the root of the passes: nobody needs more. */
const MOST_SAMPLES = 1_000_000;

export function samplesOption(text: string): number | "auto" {
  if (text === "auto") return text;
  const value = wholeOption(`${NAME}: --samples`)(text);
  if (value > MOST_SAMPLES) throw new UsageError(`${NAME}: --samples must be at most ${MOST_SAMPLES}, got ${text}`);
  if (!(value >= 2)) throw new UsageError(`${NAME}: --samples must be at least 2, or "auto", got ${text}`);
  return value;
}

export function rateOption(text: string): number | "choose" {
  if (text === "choose") return text;
  const value = numberOption(`${NAME}: --rate`)(text);
  if (value >= 0 && value <= 1) return value;
  const advice = value >= 2 && value <= 100 ? `; pass ${value / 100} for ${value} %` : "";
  throw new UsageError(`${NAME}: --rate must be in [0, 1] or "choose", got ${text}${advice}`);
}

export function imageOption(text: string): ImageShape {
  const match = /^([1-9]\d*)x([1-9]\d*)$/.exec(text);
  if (match === null)
    throw new UsageError(`${NAME}: --image must be height x width, for instance 28x28, got ${JSON.stringify(text)}`);
  return { height: Number(match[1]), width: Number(match[2]) };
}

export const listOption = (text: string): string[] =>
  text === "none" ? [] : text.split(",").map((entry) => entry.trim());

/** "name=text", given several times. */
export const namedOption =
  (option: string, what: string) =>
  (text: string, before: readonly NamedText[] = []): readonly NamedText[] => {
    const at = text.indexOf("=");
    const entry = { name: text.slice(0, at).trim(), text: text.slice(at + 1).trim() };
    if (at < 1 || entry.name === "" || entry.text === "")
      throw new UsageError(`${NAME}: ${option} must be name=${what}, got ${JSON.stringify(text)}`);
    if (before.some(({ name }) => name === entry.name))
      throw new UsageError(`${NAME}: ${option} must name an input once, got ${entry.name} twice`);
    return [...before, entry];
  };

/** Names of classes. */
export function classesOption(text: string): string[] {
  const names = text.split(",").map((name) => name.trim());
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (names.includes("") || twice !== undefined)
    throw new UsageError(`${NAME}: --classes must be different names separated by commas, got ${JSON.stringify(text)}`);
  return names;
}

/** Levels of quantiles. */
export function quantilesOption(text: string): number[] {
  const levels = numbersOption(`${NAME}: --quantiles`)(text);
  if (levels.length < 2 || !levels.every((level) => level > 0 && level < 1))
    throw new UsageError(
      `${NAME}: --quantiles must be two levels or more between 0 and 1, for instance 0.05,0.5,0.95, got ${text}`,
    );
  return levels;
}

/** "1", "none", or "h0=1,x=0". */
export function batchAxisOption(text: string): BatchAxis {
  const axisOf = (part: string): number | "none" => {
    if (part === "none" || /^\d{1,2}$/.test(part)) return part === "none" ? part : Number(part);
    throw new UsageError(
      `${NAME}: --batch-axis must be a number from 0, none, or these by name, for instance h0=1,x=0, got ` +
        `${JSON.stringify(text)}`,
    );
  };
  if (!text.includes("=")) return axisOf(text);
  return Object.fromEntries(
    text.split(",").map((part) => {
      const at = part.indexOf("=");
      return [part.slice(0, Math.max(0, at)), axisOf(part.slice(at + 1))] as const;
    }),
  );
}

/** How many of the sets or intervals are to hold the right answer. */
export function conformalOption(text: string): number {
  const level = numberOption(`${NAME}: --conformal`)(text);
  if (level > 0 && level < 1) return level;
  const advice = level > 1 && level < 100 ? `; pass ${level / 100} for ${level} %` : "";
  throw new UsageError(`${NAME}: --conformal must be between 0 and 1, got ${text}${advice}`);
}

/** A share of the labelled rows, or a file and the column (or file) of its right answers. */
export function calibrateOption(text: string): number | { readonly file: string; readonly labels: string } {
  const share = text.trim() === "" ? Number.NaN : Number(text);
  if (share > 0 && share < 1) return share;
  const at = text.lastIndexOf(",");
  const [file, labels] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  if (at > 0 && file !== "" && labels !== "") return { file, labels };
  throw new UsageError(
    `${NAME}: --calibrate must be a share between 0 and 1, or FILE,COLUMN with right answers, got ` +
      `${JSON.stringify(text)}`,
  );
}

/** "consistent", "independent" or "fixed:8". */
export function masksOption(text: string): Masks {
  if (text === "consistent" || text === "independent") return text;
  const count = fixedCount(text);
  if (count !== undefined) return { fixed: count };
  throw new UsageError(
    `${NAME}: --masks must be consistent, independent or fixed:N, for instance fixed:8, got ${JSON.stringify(text)}`,
  );
}

/** The number of "fixed:8"; undefined for everything else. */
function fixedCount(text: string): number | undefined {
  const match = /^fixed:(\d{1,4})$/.exec(text);
  return match !== null && Number(match[1]) >= 2 ? Number(match[1]) : undefined;
}

/** What to hold beside dropout. */
export function compareOption(text: string): string[] {
  const names = text.split(",").map((name) => name.trim());
  const odd = names.find((name) => name !== "all" && !Object.hasOwn(RIVALS, name) && fixedCount(name) === undefined);
  if (odd === undefined) return [...new Set(names)];
  throw new UsageError(
    `${NAME}: --compare must be ${Object.keys(RIVALS).join(", ")}, fixed:N or all, separated by commas, got ` +
      `${JSON.stringify(odd)}`,
  );
}

/** Names of outputs. */
export function outputOption(text: string): string[] {
  const names = text.split(",").map((name) => name.trim());
  if (!names.includes("")) return names;
  throw new UsageError(`${NAME}: --output must be names of outputs separated by commas, got ${JSON.stringify(text)}`);
}

/** "224": the shorter side; "224x200": both. */
export function sizeOption(text: string): number | ImageShape {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  const match = /^([1-9]\d{0,4})x([1-9]\d{0,4})$/.exec(text);
  if (match !== null) return { height: Number(match[1]), width: Number(match[2]) };
  throw new UsageError(
    `${NAME}: --size must be the shorter side or height x width, for instance 256 or 224x224, got ` +
      `${JSON.stringify(text)}`,
  );
}

/** "224" is a square. */
export function cropOption(text: string): ImageShape {
  const match = /^([1-9]\d{0,4})(?:x([1-9]\d{0,4}))?$/.exec(text);
  if (match !== null) return { height: Number(match[1]), width: Number(match[2] ?? match[1]) };
  throw new UsageError(
    `${NAME}: --crop must be one length or height x width, for instance 224, got ${JSON.stringify(text)}`,
  );
}

/** Numbers of channels; "1/255" is one, too. */
export const channelsOption =
  (option: "--mean" | "--std") =>
  (text: string): number[] => {
    const values = text.split(",").map((part) => {
      const [over, under, ...more] = part.split("/").map((side) => (side.trim() === "" ? Number.NaN : Number(side)));
      return more.length > 0 ? Number.NaN : over! / (part.includes("/") ? under! : 1);
    });
    const isFit = (value: number): boolean => Number.isFinite(value) && (option === "--mean" || value > 0);
    if (values.every(isFit)) return values;
    const rule = option === "--mean" ? "numbers" : "numbers above 0";
    throw new UsageError(
      `${NAME}: ${option} must be ${rule} separated by commas, for instance ` +
        `${option === "--mean" ? "0.485,0.456,0.406" : "0.229,0.224,0.225"}, got ${JSON.stringify(text)}`,
    );
  };
