// `hadamask demo`: the documents that the project started from, as programs.

import { listed, UsageError } from "@hadamask/experiments/settings";
import { outputOf, type Program, programs, titleOf } from "../demo/programs.js";
import { table } from "../output/table.js";
import type { Terminal } from "../output/terminal.js";
import { examples, type Register, SOURCES_HELP } from "./register.js";

export const demo: Register = (program, terminal) => {
  program
    .command("demo")
    .description("Run one of the source documents as a program; without a number, list them.")
    .argument("[source]", "number of the document, for instance 000")
    .option("--stream <name>", "run it on another framework's masks, where there is such a program")
    .addHelpText("after", SOURCES_HELP)
    .addHelpText(
      "after",
      examples([
        ["hadamask demo", "list the programs"],
        ["hadamask demo 001", "forward and backward, element by element"],
        ["hadamask demo 004 > notebook.md", "the notebook, with what its cells print now"],
      ]),
    )
    .action((source: string | undefined, options: { readonly stream?: string }) =>
      run(source, options.stream, terminal),
    );
};

async function run(source: string | undefined, stream: string | undefined, terminal: Terminal): Promise<void> {
  const all = programs();
  if (source === undefined && stream === undefined) await terminal.write(list(all));
  else await terminal.write(await outputOf(find(all, source, stream)));
}

function list(all: readonly Program[]): string {
  const command = ({ source, stream }: Program) =>
    `hadamask demo ${source}${stream === undefined ? "" : ` --stream ${stream}`}`;
  return table(
    [{ title: "Command" }, { title: "What it shows" }],
    all.map((program) => [command(program), titleOf(program)]),
  );
}

function find(all: readonly Program[], source: string | undefined, stream: string | undefined): Program {
  const ofSource = all.filter((program) => program.source === source);
  if (ofSource.length === 0) {
    const known = [...new Set(all.map((program) => program.source))].join(", ");
    throw new UsageError(
      `demo: source must be one of ${known}, got ${source === undefined ? "none" : JSON.stringify(source)}`,
    );
  }
  const found = ofSource.find((program) => program.stream === stream);
  if (found !== undefined) return found;
  const streams = ofSource.flatMap((program) => program.stream ?? []);
  const rule = streams.length === 0 ? `left out for ${source}, which runs on our own masks` : listed(streams, "or");
  throw new UsageError(`demo: --stream must be ${rule}, got ${JSON.stringify(stream)}`);
}
