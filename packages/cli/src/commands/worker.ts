// `hadamask worker`: trains runs of a sweep that is in a queue, on any machine that reaches it.

import { hostname } from "node:os";
import { UsageError } from "@hadamask/experiments/settings";
import { type EndingSignal, holdSignals, InterruptedError } from "../signals.js";
import { readAddress } from "../sweep/queue/url.js";
import { countOption, numberOption } from "./options.js";
import { examples, type Register } from "./register.js";

interface WorkerOptions {
  readonly queue: string;
  readonly name: string;
  readonly as: string;
  readonly concurrency: number;
  readonly lock: number;
  readonly idle?: number;
}

export const worker: Register = (program, terminal) => {
  program
    .command("worker")
    .description("Train runs of a sweep: start it on as many machines as you have, before the sweep or after it.")
    .requiredOption("--queue <url>", "redis://[user:password@]host:port[/db], or rediss:// for TLS")
    .option("--name <name>", "of the sweep to work for", "default")
    .option("--concurrency <n>", "runs at a time", countOption("worker: --concurrency"), 1)
    .option("--as <name>", "what this worker is called in lists", hostname())
    .option("--lock <seconds>", "silent for this long, its runs go to others", numberOption("worker: --lock"), 30)
    .option("--idle <minutes>", "end after this long with nothing to do", numberOption("worker: --idle"))
    .addHelpText(
      "after",
      examples([
        ["hadamask worker --queue redis://10.0.0.5:6379 --concurrency 8", "eight runs at a time"],
        ["hadamask worker --queue redis://10.0.0.5:6379 --idle 10", "ends after ten minutes without work"],
      ]) +
        "\n\nSIGTERM and Ctrl-C end it well: its runs go back to the queue with what they have learned so far." +
        "\nA password that is not in the address is read from HADAMASK_QUEUE_PASSWORD.",
    )
    .action(async (options: WorkerOptions) => {
      const { queue, name, as, concurrency, lock, idle } = options;
      if (!(lock > 0)) throw new UsageError(`worker: --lock must be above 0, got ${lock}`);
      if (idle !== undefined && !(idle > 0)) throw new UsageError(`worker: --idle must be above 0, got ${idle}`);
      const { shown } = readAddress("worker: --queue", queue);
      const end = new AbortController();
      let ended: EndingSignal | undefined;
      const letGo = holdSignals((signal) => {
        ended = signal;
        terminal.note("worker: ending; its runs go back to the queue");
        end.abort();
      });
      try {
        const { serve } = await import("../sweep/queue/worker.js");
        const done = await serve({
          ...{ url: queue, name, as, concurrency, signal: end.signal },
          lockMs: lock * 1000,
          idleMs: idle === undefined ? undefined : idle * 60_000,
          note: (line) => terminal.note(line),
          onReady: () =>
            terminal.note(`worker: ${as} trains ${concurrency} at a time for the sweep ${name} at ${shown}`),
        });
        if (ended !== undefined) throw new InterruptedError(`worker: ended; it trained ${done} runs`, ended);
        terminal.note(`worker: nothing to do for ${idle} min; it trained ${done} runs`);
      } finally {
        letGo();
      }
    });
};
