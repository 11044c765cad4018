// Variants of a user's own, from the files that --variant names.

import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { OwnVariant } from "@hadamask/experiments";
import { UsageError } from "@hadamask/experiments/settings";

/** The variants that the files export under any name. @throws {UsageError} If a file has none, or a faulty one. */
export async function loadVariants(files: readonly string[]): Promise<OwnVariant[]> {
  const { defineVariant } = await import("@hadamask/experiments"); // which loads the engine: others need digests alone
  const checked = (file: string, value: OwnVariant): OwnVariant => {
    try {
      return defineVariant(value);
    } catch (error) {
      throw new UsageError(`train: --variant: ${file}: ${(error as Error).message}`, { cause: error });
    }
  };
  const found: OwnVariant[] = [];
  for (const file of files) {
    const exported = Object.values(await load(file)).filter(
      (value) => typeof value === "object" && value !== null && "activate" in value,
    );
    if (exported.length === 0) {
      throw new UsageError(`train: --variant: ${file} must export a variant of defineVariant, got none`);
    }
    for (const value of exported) found.push(checked(file, value as OwnVariant));
  }
  return found;
}

async function load(file: string): Promise<Record<string, unknown>> {
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    throw new UsageError(`train: --variant: ${file} cannot be loaded: ${reasonOf(file, error)}`, { cause: error });
  }
}

/** What Node says of modules names its own files. */
function reasonOf(file: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return "there is no such file";
  if (found.isDirectory()) return "it is a folder";
  if (code === "ERR_UNKNOWN_FILE_EXTENSION") return "its name must end in .mjs or .js";
  if (error instanceof SyntaxError) return `it is no JavaScript module: ${message}`;
  return error instanceof Error ? message.replace(/ imported from .*$/s, "") : String(error);
}

/** What runs of these variants depend on besides: the text of the files. What those import is not looked at. */
export function digestOfFiles(files: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest("hex");
}
