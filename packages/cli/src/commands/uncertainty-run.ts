// What `hadamask uncertainty` does once its options are read: it predicts, judges, and writes rows and report.

import { Failure } from "../failure.js";
import { jsonText } from "../output/json.js";
import { startProgress } from "../output/progress.js";
import type { Terminal } from "../output/terminal.js";
import { holdSignals } from "../signals.js";
import { inCommandWords } from "../uncertainty/wording.js";
import { makeFolder } from "./paths.js";
import { requestOf, type UncertaintyOptions } from "./uncertainty-asked.js";
import { checkPaths, checkTogether } from "./uncertainty-checks.js";

const NAME = "uncertainty";

export async function runUncertaintyCommand(options: UncertaintyOptions, terminal: Terminal): Promise<void> {
  const { out, report, json } = options;
  const request = requestOf(options);
  const { RowFile } = await import("../uncertainty/files.js");
  const { checkPassesFile } = await import("../uncertainty/passes-file.js");
  checkPassesFile(options.passes, request.samples);
  checkTogether(request);
  // refuses a wrong name before the work, not after it
  const file = out === undefined ? undefined : new RowFile(out, request);
  checkPaths(options);
  const { loadRuntime } = await import("../uncertainty/runtime.js");
  const { runUncertainty } = await import("../uncertainty/run.js");
  const ort = await loadRuntime(NAME);
  const progress = startProgress(terminal, 1000);
  const onProgress = (done: number, what: string): void => progress.update(Math.round(1000 * done), what);
  file?.open(); // waits for a reader where it is a pipe, and signals end that
  const interrupt = interruptible();
  let result: Awaited<ReturnType<typeof runUncertainty>>;
  try {
    if (report !== undefined) makeFolder(`${NAME}: --report`, report);
    result = await runUncertainty(request, { ort, onProgress, signal: interrupt.signal, file });
  } catch (error) {
    throw asFailure(error);
  } finally {
    progress.stop();
    interrupt.release();
    file?.discard();
  }
  for (const warning of result.inspection.warnings) terminal.note(`${NAME}: ${warning}`);
  const page = report === undefined ? undefined : await writeReport(result, report);
  const { uncertaintyJson, uncertaintyText } = await import("../uncertainty/print.js");
  if (json) await terminal.write(`${jsonText(uncertaintyJson(result), 2)}\n`);
  else await terminal.write(uncertaintyText(result, terminal.paint) + written(page, out, terminal));
}

/** What ONNX Runtime or the library refuses of a model while it runs, in the library's words. */
function asFailure(error: unknown): unknown {
  const isWorded =
    error instanceof Error && /^(monteCarlo|answer|predict|passes|ensemble(\.predict)?): /.test(error.message);
  if (!isWorded) return error;
  return new Failure(inCommandWords(error.message), { cause: error });
}

/** The first signal (Ctrl-C and its kin) asks for an end; what was found is kept then. */
function interruptible(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  return { signal: controller.signal, release: holdSignals((signal) => controller.abort(signal)) };
}

async function writeReport(
  result: Parameters<typeof import("../uncertainty/report/write-report.js").writeUncertaintyReport>[0],
  folder: string,
): Promise<string> {
  const { writeUncertaintyReport } = await import("../uncertainty/report/write-report.js");
  return writeUncertaintyReport(result, folder)[0]!;
}

function written(page: string | undefined, out: string | undefined, { paint }: Terminal): string {
  const lines = [
    ...(out === undefined ? [] : [`${paint.bold("Rows")}: ${out}\n`]),
    ...(page === undefined ? [] : [`${paint.bold("Report")}: ${page}\n`]),
  ];
  return lines.length === 0 ? "" : `\n${lines.join("")}`;
}
