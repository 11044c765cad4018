// Where the project lives: the one place that says so. Once it is decided, set ADDRESS and run node
// scripts/address.mjs: it writes `repository`, `homepage` and `bugs` into the package.json of every package.
// check-package holds them to it.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** @type {string | undefined} Of the repository, without a slash at its end: "https://host/owner/name". */
export const ADDRESS = undefined;

/** What npm publishes, in the order of what depends on what. */
export const PACKAGES = ["hadamask", "native", "onnx", "experiments", "cli"];

/** The fields of package.json that name the address; none while there is no address. */
export function addressFields(name, address = ADDRESS) {
  if (address === undefined) return {};
  return {
    repository: { type: "git", url: `git+${address}.git`, directory: `packages/${name}` },
    homepage: `${address}/tree/main/packages/${name}#readme`,
    bugs: `${address}/issues`,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of PACKAGES) {
    const file = new URL(`../packages/${name}/package.json`, import.meta.url);
    const { repository, homepage, bugs, ...rest } = JSON.parse(readFileSync(file, "utf8"));
    const fields = addressFields(name);
    const entries = Object.entries(rest).flatMap((entry) =>
      entry[0] === "license" ? [...Object.entries(fields), entry] : [entry],
    );
    writeFileSync(file, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
  }
}
