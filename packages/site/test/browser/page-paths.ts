// The addresses of all pages that are built.

import { readdirSync } from "node:fs";
import { DIST } from "./site.js";

export const pagePaths = (): readonly string[] =>
  readdirSync(DIST, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".html") && file !== "404.html")
    .map((file) => `/${file.replace(/(^|\/)index\.html$/, "$1")}`)
    .sort();
