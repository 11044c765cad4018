// Before packing the command: puts the built site into its folder (ignored by git there), for `hadamask lab`.
import { cpSync, existsSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const built = fileURLToPath(new URL("../packages/site/.vitepress/dist", import.meta.url));
if (!existsSync(`${built}/index.html`)) throw new Error("the site is not built; run npm run site:build");
rmSync("site", { recursive: true, force: true });
cpSync(built, "site", { recursive: true });
