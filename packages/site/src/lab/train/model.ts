// What the lab's training is asked to do: its state, as settings of @hadamask/experiments, as a command, as code.
// Knows no engine and no page.

import {
  DEFAULT_MODEL,
  DEFAULTS,
  MODELS,
  type ModelKind,
  modelEntry,
  type TrainRequest,
  variantHelp,
} from "@hadamask/experiments/settings";
import { quoted } from "../../../../cli/src/output/quoted.js";
import { choiceField, namesField, numberField, type StateOf, textField } from "../../state/fields.js";

export const MOST_VARIANTS = 5;
export const MOST_EPOCHS = 400;
export const MOST_SEEDS = 20;

/** What a page compares where nothing is said: less than the command, since somebody looks on. */
const START = { variants: ["none", "bernoulli:0.5"], epochs: 100, seeds: 3 } as const;

export const isSizes = (text: string): boolean => /^(\d{1,4}(,\d{1,4}){0,7})?$/.test(text);
export const isWhole = (text: string): boolean => /^(|[1-9]\d{0,6})$/.test(text);
export const isPositive = (text: string): boolean => text === "" || (Number(text) > 0 && Number(text) <= 1);

export const FIELDS = {
  data: choiceField("optdigits", ["optdigits", "own"]),
  label: textField(""),
  model: choiceField<ModelKind>(DEFAULT_MODEL, MODELS),
  variants: namesField(START.variants, (name) => /^[a-z-]+(:[\d.e-]{1,12})?$/.test(name), MOST_VARIANTS),
  epochs: numberField(START.epochs, 1, MOST_EPOCHS, true),
  seeds: numberField(START.seeds, 1, MOST_SEEDS, true),
  firstSeed: numberField(0, 0, 999_999, true),
  inputRate: numberField(0.1, 0, 0.9),
  // Empty: what fits the model or the data.
  hidden: textField("", isSizes),
  activation: choiceField("", ["", "relu", "tanh", "selu"]),
  trainSize: textField("", isWhole),
  batchSize: textField("", isWhole),
  learningRate: textField("", isPositive),
  curve: choiceField("nll", ["nll", "error", "loss"]),
};

export type State = StateOf<typeof FIELDS>;

/** What is trained: the state without what is only looked at. */
export type TrainState = Omit<State, "curve">;

const numberOr = (text: string): number | undefined => (text === "" ? undefined : Number(text));

/** The settings as the options of `hadamask train`; what is undefined is chosen to fit. */
export function requestOf(state: TrainState): TrainRequest {
  const { model, variants, epochs, seeds, firstSeed, inputRate, hidden, activation } = state;
  const [trainSize, batchSize, learningRate] = [state.trainSize, state.batchSize, state.learningRate].map(numberOr);
  return {
    model,
    variants,
    epochs,
    seeds,
    firstSeed,
    inputRate,
    hidden: hidden === "" ? undefined : hidden.split(",").map(Number),
    activation: activation === "" ? undefined : activation,
    ...(trainSize !== undefined && { trainSize }),
    ...(batchSize !== undefined && { batchSize }),
    ...(learningRate !== undefined && { learningRate }),
  };
}

/** The name of the reader's own file, where there is one. */
export interface OwnFile {
  readonly name: string;
}

/** The command that gives the same numbers; options that say what is so anyway are left out. */
export function commandOf(state: TrainState, own: OwnFile | undefined): string {
  const options: readonly (readonly [name: string, value: string | number, isSaid: boolean])[] = [
    ["data", own?.name ?? "FILE.csv", state.data === "own"],
    ["label", state.label, state.data === "own" && state.label !== ""],
    ["model", state.model, state.model !== DEFAULT_MODEL],
    ["variants", state.variants.join(","), state.variants.join() !== modelEntry(state.model).variants.join()],
    ["input-rate", state.inputRate, state.inputRate !== FIELDS.inputRate.start],
    ["hidden", state.hidden, state.hidden !== ""],
    ["activation", state.activation, state.activation !== ""],
    ["train-size", state.trainSize, state.trainSize !== ""],
    ["epochs", state.epochs, state.epochs !== DEFAULTS.small.epochs],
    ["batch-size", state.batchSize, state.batchSize !== ""],
    ["learning-rate", state.learningRate, state.learningRate !== ""],
    ["seeds", state.seeds, state.seeds !== COMMAND_SEEDS],
    ["first-seed", state.firstSeed, state.firstSeed !== 0],
  ];
  const said = options.filter(([, , isSaid]) => isSaid).map(([name, value]) => `--${name} ${quoted(String(value))}`);
  return ["npx hadamask train", ...said].join(" ");
}

/** What the command takes where no seeds are said. */
const COMMAND_SEEDS = 5;

/** A program that gives the same numbers. */
export function codeOf(state: TrainState, own: OwnFile | undefined): string {
  const { variants, ...request } = requestOf(state);
  const settings = { variants, ...request };
  const lines = Object.entries(settings)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `  ${name}: ${JSON.stringify(value).replaceAll(",", ", ")},`);
  const isOwn = state.data === "own";
  const data = isOwn ? JSON.stringify(own?.name ?? "FILE.csv") : '"optdigits"';
  const label = isOwn && state.label !== "" ? `, { label: ${JSON.stringify(state.label)} }` : "";
  return [
    'import { loadDataset } from "@hadamask/cli/data";',
    'import { compare } from "@hadamask/experiments";',
    "",
    `const data = await loadDataset(${data}${label});`,
    "const { comparison } = await compare(data, {",
    ...lines,
    "});",
    "console.log(comparison.variants.map(({ name, testError, nll }) => [name, testError.mean, nll.mean]));",
    "",
  ].join("\n");
}

/** A variant by its parts: a name, and a number where it takes one. */
export interface VariantParts {
  readonly kind: string;
  readonly number: string;
}

export function partsOf(variant: string): VariantParts {
  const [kind, number = ""] = variant.split(":") as [string, string?];
  return { kind, number };
}

export const variantOf = ({ kind, number }: VariantParts): string => (number === "" ? kind : `${kind}:${number}`);

/** What the number of a variant is ("RATE", "SIGMA", "DECAY"); undefined where it takes none. */
export function numberNameOf(kind: string): string | undefined {
  const usage = variantHelp().find(([text]) => text.split(":")[0] === kind)?.[0];
  return usage?.split(":")[1];
}

/** What is compared first with a model. */
export const firstVariants = (model: ModelKind): readonly string[] =>
  model === DEFAULT_MODEL ? START.variants : modelEntry(model).variants;
