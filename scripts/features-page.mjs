// Writes docs/features.md from docs/features.json: what this library has, where it is and what holds it, beside what
// others have.
//
//   node scripts/features-page.mjs           write the page
//   node scripts/features-page.mjs --check   only say whether it is up to date (exit code 1 if not)

import { readFileSync, writeFileSync } from "node:fs";

const data = new URL("../docs/features.json", import.meta.url);
const page = new URL("../docs/features.md", import.meta.url);

const SIGNS = { yes: "●", partly: "◐", no: "○", "-": "·" };

const intro = `# Features

Every capability that we found in a dropout library, or missed in one; where it is in this one; and what the references
do. \`node scripts/features-page.mjs\` makes this page from [features.json](features.json). A test checks that the files
and tests exist and that the page is up to date.

● has it, ◐ has part of it, ○ does not have it, · not examined or does not apply.
`;

const method = `## What the references have

We read the sources of these and ran them: PyTorch 2.13, Keras 3.15, Flax 0.12, JAX 0.10, timm 1.0.29, torchvision 0.29,
PyTorch Geometric 2.8, TensorFlow.js 4.22, ONNX Runtime 1.30 (November 2026). We only read Equinox, PaddlePaddle, MXNet,
brain.js, fairseq, FlashAttention, Triton and xFormers. "Does not have it" means that we did not find it there.
\`hadamask verify --only references\` computes what is wrong in some of them.
`;

const cellOf = (entry) => (typeof entry === "string" ? { has: entry, note: "" } : { note: "", ...entry });
const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
const link = (file) => `[${file.split("/").at(-1)}](../${file})`;

const ours = ({ title, rows }) =>
  `### ${title}\n\n${table(
    ["capability", "", "code", "tests", "remarks"],
    rows.map(({ capability, has, files, tests, note = "" }) => [
      capability,
      SIGNS[has],
      files.map(link).join(", "),
      tests.map(link).join(", "),
      note,
    ]),
  )}\n`;

const inTfjs = (rows) => `## As layers of TensorFlow.js

Which variants are layers of \`hadamask/tfjs\`, saved and loaded with models, and why the rest are not. There is
also \`TfMultiSampleDropout\`, with its loss \`multiSampleLoss\`.

${table(
  ["capability", "layers", "remarks"],
  rows
    .filter(({ tfjs }) => tfjs !== undefined)
    .map(({ capability, tfjs: { layers, note = "" } }) => [
      capability,
      layers.length === 0 ? SIGNS.no : layers.map((name) => `\`${name}\``).join(", "),
      note,
    ]),
)}
`;

const theirs = (references, { title, rows }) =>
  `### ${title}\n\n${table(
    ["capability", "hadamask", ...references],
    rows.map((row) => [
      row.capability,
      SIGNS[row.has],
      ...references.map((name) => SIGNS[cellOf(row.references[name]).has]),
    ]),
  )}\n`;

const remarks = (references, rows) =>
  rows
    .map(({ capability, references: cells }) => {
      const notes = references
        .map((name) => ({ name, ...cellOf(cells[name]) }))
        .filter(({ note }) => note !== "")
        .map(({ name, has, note }) => `${name} ${SIGNS[has]} ${note}`);
      return notes.length === 0 ? undefined : `- **${capability}**: ${notes.join("; ")}.`;
    })
    .filter((line) => line !== undefined)
    .join("\n");

function render({ references, sections }) {
  const rows = sections.flatMap((section) => section.rows);
  const counts = ["yes", "partly", "no"].map((has) => rows.filter((row) => row.has === has).length);
  return [
    intro,
    `## What hadamask has\n\nOf ${rows.length} capabilities: ${counts[0]} ●, ${counts[1]} ◐, ${counts[2]} ○; what ` +
      `is missing says why.\n`,
    ...sections.map(ours),
    inTfjs(rows),
    method,
    ...sections.map((section) => theirs(references, section)),
    `### Remarks\n\n${remarks(references, rows)}\n`,
  ].join("\n");
}

const text = render(JSON.parse(readFileSync(data, "utf8")));
if (process.argv[2] !== "--check") writeFileSync(page, text);
else if (readFileSync(page, "utf8") !== text) {
  console.error("docs/features.md is not what docs/features.json says; run node scripts/features-page.mjs");
  process.exitCode = 1;
}
