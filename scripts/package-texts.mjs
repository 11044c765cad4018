// Before packing: puts the licence and a README into the package's folder (both ignored by git there).
// The library carries the project's README, experiments one of its own; the other packages say in a few lines what they are and where to read on.
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";

const root = new URL("../", import.meta.url);
const { name, description } = JSON.parse(readFileSync("package.json", "utf8"));
copyFileSync(new URL("LICENSE", root), "LICENSE");
if (name === "hadamask") copyFileSync(new URL("README.md", root), "README.md");
else if (name !== "@hadamask/experiments")
  writeFileSync(
    "README.md",
    `# ${name}\n\n${description}\n\nPart of hadamask: everything about it is in the README of the \`hadamask\` package.\n`,
  );
