// `hadamask lab`: the site on this machine: course, laboratory, guide, numbers.

import { UsageError } from "@hadamask/experiments/settings";
import type { Terminal } from "../output/terminal.js";
import { holdSignals } from "../signals.js";
import { wholeOption } from "./options.js";
import { examples, type Register } from "./register.js";

const PORT = 4870;
const MOST = 65_535;

export const lab: Register = (program, terminal) => {
  program
    .command("lab")
    .description("Open the laboratory and the course in a browser; served from this machine, to this machine alone.")
    .option("--port <n>", `where to serve it; 0 for any that is free (default: ${PORT})`, wholeOption("lab: --port"))
    .option("--no-open", "only say where it is")
    .addHelpText(
      "after",
      "\nNo request leaves the machine; it works offline. In a checkout of the project the site is built first, if " +
        "need be.",
    )
    .addHelpText(
      "after",
      examples([
        ["hadamask lab", "serve it and open it; Ctrl-C ends it"],
        ["hadamask lab --port 0 --no-open", "any free port, and no window"],
      ]),
    )
    .action((options: LabOptions) => run(options, terminal));
};

interface LabOptions {
  readonly port?: number;
  readonly open: boolean;
}

async function run({ port = PORT, open }: LabOptions, terminal: Terminal): Promise<void> {
  if (port > MOST) throw new UsageError(`lab: --port must be at most ${MOST}, got ${port}`);
  const { siteFolder } = await import("../lab/site.js");
  const { serve } = await import("../lab/server.js");
  const folder = await siteFolder((sentence) => terminal.note(sentence));
  const server = await serve(folder, port);
  const isEnded = new Promise<void>((resolve) => {
    const letGo = holdSignals(() => {
      letGo();
      resolve();
    });
  });
  const address = `${server.origin}${isChinese() ? "/zh" : ""}/lab/`;
  await terminal.write(`lab: ${address}\n`);
  terminal.note("lab: Ctrl-C ends it");
  if (open) {
    const { openInBrowser } = await import("../lab/open.js");
    if (!(await openInBrowser(address))) terminal.note("lab: no browser could be opened; open the address above");
  }
  await isEnded;
  await server.close();
  terminal.note("lab: ended");
}

const isChinese = (): boolean => new Intl.DateTimeFormat().resolvedOptions().locale.startsWith("zh");
