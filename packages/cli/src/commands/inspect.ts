// `hadamask inspect`: what is in an ONNX model as far as dropout is concerned, and what follows.

import type { Inspection } from "@hadamask/onnx";
import { called } from "../output/called.js";
import { absent, jsonText } from "../output/json.js";
import { printable } from "../output/printable.js";
import { table } from "../output/table.js";
import type { Terminal } from "../output/terminal.js";
import { adviceCommand, termOf } from "../uncertainty/where.js";
import { inCommandWords } from "../uncertainty/wording.js";
import { examples, type Register } from "./register.js";

export const inspect: Register = (program, terminal) => {
  program
    .command("inspect")
    .description("List the Dropout nodes of an ONNX model, what a runtime does with them, and where dropout could go.")
    .argument("<model>", "an ONNX file")
    .option("--json", "print everything as one JSON object and nothing else")
    .addHelpText("after", examples([["hadamask inspect model.onnx", "what is there, and what to do about it"]]))
    .action((model: string, options: { readonly json?: true }) => run(model, options.json === true, terminal));
};

async function run(path: string, isJson: boolean, terminal: Terminal): Promise<void> {
  const { loadModel } = await import("../uncertainty/model.js");
  const { inspection } = loadModel(path);
  await terminal.write(
    isJson ? `${jsonText(inspectionJson(inspection), 2)}\n` : text(printable(path), allPrintable(inspection), terminal),
  );
}

/** With why something is not known, where it is not. */
const inspectionJson = (found: Inspection): object => ({
  ...found,
  sites: found.sites.map((site) => ({ ...site, ...absent(site, { rank: "only a run of the model tells it" }) })),
  ...absent(found, {
    answer: "no output is of floats",
    suggested: found.dropout.length + found.sites.length > 0 ? "the model has places of its own" : "there is no place",
  }),
});

/** With every name in it as it may be printed: they are the model's. */
const allPrintable = <T>(value: T): T => {
  if (typeof value === "string") return printable(value) as T;
  if (Array.isArray(value)) return value.map(allPrintable) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [printable(name), allPrintable(entry)])) as T;
};

function text(path: string, found: Inspection, { paint }: Terminal): string {
  const nodes = Object.values(found.operators).reduce((sum, count) => sum + count, 0);
  const made = found.producer === "" ? "" : `, made by ${found.producer}`;
  return [
    `${paint.bold(path)}: ${nodes} nodes, opset ${found.opset}${made}\n\n`,
    tensors(found),
    found.dropout.length > 0 ? `\n${paint.bold("Dropout nodes")}\n${dropoutTable(found)}` : "",
    found.sites.length > 0 ? `\n${paint.bold("Dropout as inputs")}\n${siteTable(found)}` : "",
    found.placeGroups.length > 0 ? `\n${paint.bold("Places for dropout")}\n${placeTable(found)}` : "",
    found.hidden.length > 0 ? `\n${paint.bold("Out of reach of masks")}\n${hiddenTable(found)}` : "",
    found.normalisation.length > 0 ? `\n${paint.bold("Normalisation")}\n${normTable(found)}` : "",
    "\n",
    ...found.warnings.map((sentence) => `warning: ${sentence}\n`),
    ...found.lint.map(({ message }) => `lint: ${message}\n`),
    ...found.advice.map((line) => `${inWords(line)}\n`),
    command(path, found),
  ].join("");
}

function tensors({ inputs, outputs }: Inspection): string {
  const shape = (sizes: readonly (number | string)[] | undefined): string =>
    sizes === undefined ? "any" : `[${sizes.join(", ")}]`;
  return table(
    [{ title: "" }, { title: "name" }, { title: "type" }, { title: "shape" }],
    [
      ...inputs.map(({ name, type, shape: sizes }) => ["input", name, type, shape(sizes)]),
      ...outputs.map(({ maker, name, type, shape: sizes, isAnswer }) => [
        isAnswer ? (maker === "other" ? "output" : `output (${maker})`) : "output (no floats)",
        name,
        type,
        shape(sizes),
      ]),
    ],
  );
}

const dropoutTable = ({ dropout }: Inspection): string =>
  table(
    [{ title: "name" }, { title: "rate", align: "right" }, { title: "drops" }, { title: "ONNX Runtime" }],
    dropout.map(({ name, ratio, drops, isRemovedByRuntime }) => [
      name,
      ratio === undefined ? "?" : String(ratio),
      drops,
      isRemovedByRuntime ? "removes it" : "keeps it",
    ]),
  );

const siteTable = ({ sites }: Inspection): string =>
  table(
    [{ title: "input" }, { title: "at" }, { title: "rate", align: "right" }],
    sites.map(({ input, name, rate }) => [input, name, String(rate)]),
  );

/** Groups as --where takes them, with the outputs that depend on them. */
const placeTable = ({ placeGroups }: Inspection): string =>
  table(
    [
      { title: "--where" },
      { title: "places", align: "right" },
      { title: "reach" },
      { title: "through weights" },
      { title: "names" },
    ],
    placeGroups.map(({ kind, operator, inside, count, names, outputs, advisedFor, isGate }) => [
      termOf({ kind, operator }) + (isGate ? " (gates)" : ""),
      String(count),
      outputs.join(", ") || "no output",
      advisedFor.join(", ") || "none",
      names.join(", ") + (count > names.length ? ", …" : "") + (inside === undefined ? "" : ` inside ${inside}`),
    ]),
  );

const hiddenTable = ({ hidden }: Inspection): string =>
  table(
    [{ title: "inside" }, { title: "name" }, { title: "Dropout nodes", align: "right" }],
    hidden.map(({ inside, name, dropout }) => [inside, name, String(dropout.length)]),
  );

/** Advice for people who type: options of the library are the line "To begin". */
const inWords = (line: string): string => inCommandWords(line.replace(/, for instance \{.*\}\.$/, "."));

/** What to type next. */
function command(path: string, found: Inspection): string {
  const isReady = found.dropout.length + found.sites.length > 0;
  const options = isReady ? "" : adviceCommand(found);
  if (options === undefined) return "";
  const freeze = found.normalisation.some(({ isTraining }) => isTraining) ? " --freeze" : "";
  const file = /^[\w./-]+$/.test(path) ? path : `'${path}'`;
  return `To begin: ${called()} uncertainty ${file} DATA${options === "" ? "" : ` ${options}`}${freeze}\n`;
}

const normTable = ({ normalisation }: Inspection): string =>
  table(
    [{ title: "name" }, { title: "operator" }, { title: "by" }],
    normalisation.map(({ name, operator, isTraining }) => [name, operator, isTraining ? "the batch" : "itself"]),
  );
