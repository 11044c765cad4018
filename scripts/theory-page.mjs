// Measures the numbers of docs/theory.md anew and draws its figures: npm run docs:theory
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { theoryFigures, theoryPage } from "../packages/cli/dist/theory-page/page.js";

const docs = new URL("../docs/", import.meta.url);
const page = new URL("theory.md", docs);
writeFileSync(page, theoryPage(readFileSync(page, "utf8")));
mkdirSync(new URL("figures/", docs), { recursive: true });
for (const { file, svg } of theoryFigures()) writeFileSync(new URL(`figures/${file}`, docs), svg);
