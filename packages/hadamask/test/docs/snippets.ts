// Runs TypeScript snippets from docs as a reader would paste them, and gives what each console.log line printed beside
// what the comment behind it promises.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { formatWithOptions } from "node:util";

/** Inside the tree, so that imports of "hadamask" resolve as they do in tests. Ignored by git. */
const folder = fileURLToPath(new URL("./.snippets", import.meta.url));

export interface Printed {
  readonly line: string;
  readonly promised: string;
  readonly printed: string;
}

/** The ```ts blocks of a Markdown text or of the `@example` parts of a source file. */
export function snippetsOf(text: string, kind: "markdown" | "source"): string[] {
  const plain =
    kind === "source" ? [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)].map((m) => uncomment(m[0])).join("\n") : text;
  return [...plain.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map((match) => match[1]!);
}

const uncomment = (comment: string): string => comment.replace(/^\s*\* ?/gm, "");

/** Runs one snippet; every `console.log(…); // promise` is compared, in order of printing. */
export async function runSnippet(code: string, name: string): Promise<Printed[]> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.ts`);
  writeFileSync(file, code);
  const printed: string[] = [];
  const log = console.log;
  // Long arrays are printed over several lines; a comment has them in one.
  console.log = (...values: unknown[]) =>
    printed.push(formatWithOptions({ breakLength: Number.POSITIVE_INFINITY }, ...values).replaceAll(/\s+/g, " "));
  try {
    await import(/* @vite-ignore */ file);
  } finally {
    console.log = log;
    rmSync(file);
  }
  const lines = code.split("\n").filter((line) => /^\s*console\.log\(/.test(line));
  return lines.flatMap((line, i) => {
    const promised = /\);\s*\/\/ (.*)$/.exec(line)?.[1];
    return promised === undefined
      ? []
      : [{ line: line.trim(), promised: promised.trim(), printed: printed[i] ?? "(nothing)" }];
  });
}
