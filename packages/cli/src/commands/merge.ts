// `hadamask merge`: runs of one comparison or sweep that were trained in several places, put into one folder.

import { join } from "node:path";
import { called } from "../output/called.js";
import type { Terminal } from "../output/terminal.js";
import { checkFolder } from "./paths.js";
import { examples, type Register } from "./register.js";

export const merge: Register = (program, terminal) => {
  program
    .command("merge")
    .description("Put the runs of several train or sweep folders into one, for --resume to continue from.")
    .argument("<folders...>", "the --out of each command")
    .requiredOption("--out <dir>", "folder for all of them; may be one of the folders")
    .addHelpText(
      "after",
      examples([
        [
          "hadamask merge a b --out all",
          "after train --seeds 3 --out a, and --first-seed 3 --seeds 2 --out b elsewhere",
        ],
        ["hadamask train --seeds 5 --out all --resume", "then trains nothing, and compares all five"],
        ["hadamask merge part-* --out all", "after sweep grid.json --shard 1/8 --out part-1, and the others"],
        ["hadamask sweep grid.json --out all --resume", "then trains what is missing, and reports"],
      ]),
    )
    .action((folders: string[], { out }: { readonly out: string }) => run(folders, out, terminal));
};

async function run(folders: readonly string[], out: string, terminal: Terminal): Promise<void> {
  checkFolder("merge: --out", out);
  const { isSweep, mergeSweeps } = await import("../sweep/merge.js");
  const { mergeRuns } = await import("../train/merge-runs.js");
  const isOfSweeps = folders.some(isSweep);
  const { merged, total } = isOfSweeps
    ? mergeSweeps(folders, out)
    : mergeRuns(
        folders.map((folder) => join(folder, "runs")),
        join(out, "runs"),
      );
  const next = `${called()} ${isOfSweeps ? "sweep" : "train"} --out ${out} --resume`;
  const settings = isOfSweeps ? " and the grid as before" : "";
  await terminal.write(`${merged} runs put into ${out}, ${total} there now; continue with ${next}${settings}\n`);
}
