// Every TypeScript block of the pages runs, and prints what it says it prints. Those of the reference are the examples
// of the sources, which packages/hadamask/test/docs runs.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runSnippet, snippetsOf } from "../../../hadamask/test/docs/snippets.js";

const pages = fileURLToPath(new URL("../../pages/", import.meta.url));
const cases = readdirSync(pages, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".md") && !file.startsWith("reference"))
  .flatMap((file) =>
    snippetsOf(readFileSync(`${pages}${file}`, "utf8"), "markdown").map((code, i) => ({
      name: `${file} #${i + 1}`,
      code,
    })),
  );

test.each(cases)("$name runs and prints what it says", async ({ name, code }) => {
  const lines = await runSnippet(code, `site-${name.replaceAll(/\W+/g, "-")}`);
  for (const { line, promised, printed } of lines) expect(printed, line).toBe(promised);
});
