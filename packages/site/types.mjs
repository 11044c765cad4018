// node packages/site/types.mjs: checks the types of the site's components, templates too, by vue-tsc. It needs a
// TypeScript that can be extended, which version 7 cannot: that of packages/reference.

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const reference = createRequire(new URL("../reference/package.json", import.meta.url));
process.argv.push("--project", fileURLToPath(new URL("tsconfig.json", import.meta.url)));
require("vue-tsc").run(reference.resolve("typescript/lib/tsc.js"));
