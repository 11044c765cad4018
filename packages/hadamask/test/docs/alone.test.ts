// Tests that replace a module or a global have a process of their own (test/alone.ts), and the list names files.

import { readdirSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { ALONE } from "../../../../test/alone.js";

const root = fileURLToPath(new URL("../../../..", import.meta.url));

/** A pattern as an expression over paths. */
const expressionOf = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replaceAll(".", "\\.")
      .replace(/\{(.+?)\}/g, (_, choice: string) => `(${choice.replaceAll(",", "|")})`)
      .replace(/\*\*\/|\*/g, (stars) => (stars === "*" ? "[^/]*" : "(.*/)?"))}$`,
  );

const files = readdirSync(`${root}/packages`, { recursive: true, withFileTypes: true })
  .map(({ parentPath, name }) => relative(root, `${parentPath}/${name}`))
  .filter((path) => path.endsWith(".test.ts") && !path.includes("node_modules"));
const isAlone = (path: string): boolean => ALONE.some((pattern) => expressionOf(pattern).test(path));

/** What reaches beyond the file that does it. */
const REPLACES = /\bvi\.(mock|doMock|stubGlobal|stubEnv|resetModules)\(|^\s*(process\.env\.\w+|globalThis\.\w+) = /m;

test("test files that replace a module or a global are alone", () => {
  const replacing = files.filter((path) => REPLACES.test(readFileSync(`${root}/${path}`, "utf8")));
  expect(replacing.length).toBeGreaterThan(5);
  expect(replacing.filter((path) => !isAlone(path))).toEqual([]);
});

test.each(ALONE)("%s is a file, or several", (pattern) => {
  expect(files.some((path) => expressionOf(pattern).test(path))).toBe(true);
});
