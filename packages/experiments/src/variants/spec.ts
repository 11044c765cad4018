// Reads `--variants`: names and numbers of the variants in entries.ts, checked. Loads no engine. What a variant does
// in a network is in the file of its name, and listed in activate.ts.

import type { ModelKind } from "../kinds.js";
import { listed } from "../listed.js";
import { DEFAULT_MODEL } from "../models/spec.js";
import { UsageError } from "../usage.js";
import { VARIANTS, type VariantEntry } from "./entries.js";
import type { VariantSpec } from "./variant-spec.js";

/** What is known of your own variant without what it does: see defineVariant. */
export interface OwnEntry {
  readonly name: string;
  /** The networks that it can act in; all where it does not say. */
  readonly models?: readonly ModelKind[];
  /** The rate where none is written; a variant without one takes none. */
  readonly rate?: number;
  readonly title: string | ((rate: number, inputRate: number) => string);
}

export type VariantKind = keyof typeof VARIANTS;

const entries: Readonly<Record<VariantKind, VariantEntry>> = VARIANTS;

/**
 * The names of the variants that a network takes.
 *
 * @example
 * ```ts
 * import { variantsOf } from "@hadamask/experiments/settings";
 * console.log(variantsOf("cnn").includes("channel")); // true
 * ```
 */
export const variantsOf = (model: ModelKind): VariantKind[] =>
  (Object.keys(entries) as VariantKind[]).filter((kind) => entries[kind].models.includes(model));

/**
 * How each variant is written, and what it is.
 *
 * @example
 * ```ts
 * import { variantHelp } from "@hadamask/experiments/settings";
 * console.log(variantHelp()[0]![0]); // none
 * ```
 */
export const variantHelp = (): (readonly [string, string])[] =>
  Object.values(entries).map(({ usage, about }) => [usage, about]);

/**
 * Whether a variant takes a rate, and none is written here.
 *
 * @example
 * ```ts
 * import { lacksRate } from "@hadamask/experiments/settings";
 * console.log(lacksRate("bernoulli"), lacksRate("bernoulli:0.5")); // true false
 * ```
 */
export function lacksRate(text: string, own: readonly OwnEntry[] = []): boolean {
  const entry = own.find(({ name }) => name === text) ?? (isKind(text) ? entries[text] : undefined);
  return entry?.rate !== undefined;
}

/**
 * Whether a network takes a variant; yes for what is not a variant at all, of which {@link readVariant} tells.
 *
 * @example
 * ```ts
 * import { goesWith } from "@hadamask/experiments/settings";
 * console.log(goesWith("channel:0.2", "mlp"), goesWith("channel:0.2", "cnn")); // false true
 * ```
 */
export function goesWith(text: string, model: ModelKind, own: readonly OwnEntry[] = []): boolean {
  const kind = text.split(":")[0]!;
  const entry = own.find(({ name }) => name === kind) ?? (isKind(kind) ? entries[kind] : undefined);
  return entry?.models?.includes(model) ?? true;
}

/**
 * Reads one entry of `--variants`: a name, and a number after a colon where it takes one ("bernoulli:0.5").
 *
 * @throws {UsageError} If there is no such variant, the network does not take it, or its rate makes no sense.
 * @example
 * ```ts
 * import { readVariant } from "@hadamask/experiments/settings";
 * console.log(readVariant("bernoulli:0.3", 0, "mlp").title); // Bernoulli dropout, input 0, hidden 0.3
 * ```
 */
export function readVariant(
  text: string,
  inputRate: number,
  model: ModelKind,
  own: readonly OwnEntry[] = [],
): VariantSpec {
  const [kind, ...values] = text.split(":");
  const mine = own.find(({ name }) => name === kind);
  if (mine !== undefined) return readOwn(mine, values, text, inputRate, model);
  if (!isKind(kind!)) {
    throw new UsageError(
      `train: --variants must be of ` +
        `${[...variantsOf(model), ...own.map(({ name }) => name)].join(", ")}${forModel(model)}, got ` +
        `${JSON.stringify(kind)}`,
    );
  }
  checkModel(kind, model);
  const entry = entries[kind];
  const number = numberOf(entry);
  if (values.length > (number === undefined ? 0 : 1))
    throw new UsageError(`train: --variants: ${kind} is written ${entry.usage}, got ${JSON.stringify(text)}`);
  const isRate = number === undefined || number.name === "rate";
  const value =
    values.length === 0 ? (number?.value ?? 0) : (isRate ? readRate : readPositive)(kind, values[0]!, number!.name);
  const rate = isRate ? value : 0;
  const spec = { kind, name: text, rate, inputRate: dropsNothing(kind) ? 0 : inputRate };
  return { ...spec, ...(isRate ? {} : { [number.name]: value }), title: entry.title(rate, inputRate, value) };
}

function readOwn(
  { name, models, rate: defaultRate, title }: OwnEntry,
  values: readonly string[],
  text: string,
  inputRate: number,
  model: ModelKind,
): VariantSpec {
  if (models?.includes(model) === false) {
    throw new UsageError(`train: --variants: ${name} goes with --model ${listed(models, "or")}, got ${model}`);
  }
  if (values.length > (defaultRate === undefined ? 0 : 1)) {
    const usage = defaultRate === undefined ? name : `${name}:RATE`;
    throw new UsageError(`train: --variants: ${name} is written ${usage}, got ${JSON.stringify(text)}`);
  }
  const rate = values.length === 0 ? (defaultRate ?? 0) : readRate(name, values[0]!);
  const words = typeof title === "string" ? title : title(rate, inputRate);
  return { kind: "own", name: text, rate, inputRate, title: words };
}

/** What the number after the colon is, and its default. */
function numberOf({
  rate,
  sigma,
  decay,
}: VariantEntry): { name: "rate" | "sigma" | "decay"; value: number } | undefined {
  if (rate !== undefined) return { name: "rate", value: rate };
  if (sigma !== undefined) return { name: "sigma", value: sigma };
  return decay === undefined ? undefined : { name: "decay", value: decay };
}

/** Variants without noise: what others are held to. */
const dropsNothing = (kind: VariantKind): boolean =>
  kind === "none" || kind === "early-stopping" || kind === "weight-decay";

const forModel = (model: ModelKind): string => (model === DEFAULT_MODEL ? "" : ` for --model ${model}`);

function checkModel(kind: VariantKind, model: ModelKind): void {
  const { models } = entries[kind];
  if (models.includes(model)) return;
  throw new UsageError(
    `train: --variants: ${kind} goes with --model ${listed(models, "or")}, got ${model}; ` +
      `${model} takes ${variantsOf(model).join(", ")}`,
  );
}

const isKind = (text: string): text is VariantKind => Object.hasOwn(entries, text);

/** A rate of 1 would leave nothing to train. */
function readRate(kind: string, text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!(value >= 0 && value < 1)) {
    const advice = value >= 2 && value <= 100 ? `; pass ${value / 100} for ${value} %` : "";
    throw new UsageError(`train: --variants: the rate of ${kind} must be in [0, 1), got ${text}${advice}`);
  }
  return value;
}

function readPositive(kind: VariantKind, text: string, name: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new UsageError(`train: --variants: the ${name} of ${kind} must be above 0, got ${text}`);
}
