// The addresses of the pages that are built and looked at one by one. Those of the reference are made by one program,
// and a few that differ stand for all: an entry point with everything, one that passes on, a class, and all names.

import { readdirSync } from "node:fs";
import { DIST } from "./site.js";

const REFERENCE: readonly string[] = [
  "/reference/",
  "/reference/hadamask/",
  "/reference/hadamask/classes/Attention.html",
  "/reference/hadamask/light/",
];

export const pagePaths = (): readonly string[] =>
  readdirSync(DIST, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".html") && file !== "404.html")
    .map((file) => `/${file.replace(/(^|\/)index\.html$/, "$1")}`)
    .filter((path) => !path.startsWith("/reference/") || REFERENCE.includes(path))
    .sort();
