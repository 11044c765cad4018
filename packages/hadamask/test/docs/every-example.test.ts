// Every function that the packages export has an @example; examples.test.ts runs them.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const packages = fileURLToPath(new URL("../../..", import.meta.url));

/** Where each name that an entry point gives away is declared, under which name there. */
function exportsOf(entry: string): Map<string, { readonly file: string; readonly name: string }> {
  const found = new Map<string, { file: string; name: string }>();
  const text = readFileSync(entry, "utf8");
  for (const [, names, from] of text.matchAll(/^export \{([^}]*)\} from "(\.[^"]+)";/gm)) {
    const file = resolve(dirname(entry), from!.replace(/\.js$/, ".ts"));
    for (const item of names!.split(",").map((part) => part.trim())) {
      if (item === "" || item.startsWith("type ")) continue;
      const [name = "", given = name] = item.split(" as ");
      found.set(given, { file, name });
    }
  }
  for (const [, from] of text.matchAll(/^export \* from "(\.[^"]+)";/gm)) {
    for (const [given, at] of exportsOf(resolve(dirname(entry), from!.replace(/\.js$/, ".ts")))) found.set(given, at);
  }
  for (const [, name] of text.matchAll(/^export (?:async )?(?:function\*?|const) (\w+)/gm)) {
    found.set(name!, { file: entry, name: name! });
  }
  return found;
}

/** The comment before an exported function; undefined where the name is none. */
function commentOf(file: string, name: string): string | undefined {
  const text = readFileSync(file, "utf8");
  const declared = new RegExp(
    `((?:/\\*\\*(?:(?!\\*/)[^])*\\*/\\n)?)export (?:async )?(?:function\\*? ${name}\\b|const ${name}\\b[^;]{0,300}=>)`,
  ).exec(text);
  return declared?.[1];
}

/** What these take is a whole comparison: the README of the package has how one is made. */
const OF_COMPARISONS = ["charts", "statistics"];

describe.each(["hadamask", "onnx", "experiments"])("%s", (name) => {
  const { exports } = JSON.parse(readFileSync(join(packages, name, "package.json"), "utf8")) as { exports: object };
  const entries = [
    ...new Set([...JSON.stringify(exports).matchAll(/dist\/(\w+)\.js/g)].map(([, entry]) => entry!)),
  ].filter((entry) => name !== "experiments" || !OF_COMPARISONS.includes(entry));

  test.each(entries)("every function of %s has an example", (entry) => {
    const file = join(packages, name, "src", `${entry}.ts`);
    expect(existsSync(file)).toBe(true);
    const comments = [...exportsOf(file)].map(([given, at]) => [given, commentOf(at.file, at.name)] as const);
    const functions = comments.filter(([, comment]) => comment !== undefined);
    expect(functions.length).toBeGreaterThan(0);
    expect(functions.filter(([, comment]) => !comment!.includes("@example")).map(([given]) => given)).toEqual([]);
  });
});
