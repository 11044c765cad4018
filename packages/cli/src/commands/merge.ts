// `hadamask merge`: runs of one comparison that were trained in several places, put into one folder.

import { join } from "node:path";
import type { Terminal } from "../output/terminal.js";
import { checkFolder } from "./paths.js";
import { examples, type Register } from "./register.js";

export const merge: Register = (program, terminal) => {
  program
    .command("merge")
    .description("Put the runs of several train folders into one, for train --resume to go on with.")
    .argument("<folders...>", "what --out was in each place")
    .requiredOption("--out <dir>", "where they come together; may be one of the folders")
    .addHelpText(
      "after",
      examples([
        [
          "hadamask merge a b --out all",
          "after train --seeds 3 --out a, and --first-seed 3 --seeds 2 --out b elsewhere",
        ],
        ["hadamask train --seeds 5 --out all --resume", "then trains nothing, and compares all five"],
      ]),
    )
    .action((folders: string[], { out }: { readonly out: string }) => run(folders, out, terminal));
};

async function run(folders: readonly string[], out: string, terminal: Terminal): Promise<void> {
  checkFolder("merge: --out", out);
  const { mergeRuns } = await import("../train/merge-runs.js");
  const { merged, total } = mergeRuns(
    folders.map((folder) => join(folder, "runs")),
    join(out, "runs"),
  );
  await terminal.write(
    `${merged} runs put into ${out}, ${total} there now; go on with hadamask train --out ${out} --resume\n`,
  );
}
