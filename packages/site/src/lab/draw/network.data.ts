// The digit network, trained when the site is built. In a process of its own: the engine changes globals that the build
// looks at.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { StoredNetwork } from "./network.js";

declare const data: StoredNetwork;

export { data };

const SCRIPT = fileURLToPath(new URL("train-digits.mjs", import.meta.url));

export default {
  load: () => JSON.parse(execFileSync(process.execPath, [SCRIPT], { encoding: "utf8" })) as StoredNetwork,
};
