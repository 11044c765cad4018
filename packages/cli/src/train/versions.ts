// What the numbers were made with.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { dirname, join } from "node:path";

export function versions(): Record<string, string> {
  const require = createRequire(import.meta.url);
  const jax = dirname(dirname(require.resolve("@jax-js/jax"))); // the file found is in its folder dist/
  return {
    hadamask: versionIn(new URL("../../package.json", import.meta.url)),
    "@jax-js/jax": versionIn(join(jax, "package.json")),
    node: process.versions.node,
    cpu: `${cpus().length} × ${cpus()[0]?.model.trim() ?? "unknown"}`,
    platform: `${process.platform} ${process.arch}`,
  };
}

/** What has to be the same for the same numbers. The version of Node has not. */
export function decisiveVersions(): Record<string, string> {
  const { hadamask = "", "@jax-js/jax": jax = "" } = versions();
  return { hadamask, "@jax-js/jax": jax };
}

const versionIn = (manifest: string | URL): string =>
  (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
