// Each chapter's page asks the exercises of its figure, each once: a page is no program, so nothing else would notice.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { CHAPTERS } from "../../src/learn/chapters.js";

test.each(CHAPTERS)("$name", async ({ name }) => {
  const page = readFileSync(fileURLToPath(new URL(`../../pages/learn/${name}.md`, import.meta.url)), "utf8");
  const figure = /from "@site\/figures\/([\w-]+)\/tasks\.ts"/.exec(page)![1]!;
  const { TASKS } = (await import(`../../src/figures/${figure}/tasks.ts`)) as { TASKS: Record<string, unknown> };
  const asked = [...page.matchAll(/:task="TASKS\.(\w+)"/g)].map(([, task]) => task!);
  expect(asked.toSorted()).toEqual(Object.keys(TASKS).toSorted());
});
