// `hadamask sweep status` and `hadamask sweep cancel`.

import { UsageError } from "@hadamask/experiments/settings";
import type { Command } from "commander";
import { table } from "../output/table.js";
import type { Terminal } from "../output/terminal.js";
import type { SweepStatus } from "../sweep/queue/status.js";

interface QueueOptions {
  readonly queue: string;
  readonly name: string;
  readonly json?: true;
}

export function withQueueCommands(sweep: Command, terminal: Terminal): void {
  const add = (name: string, about: string): Command =>
    sweep
      .command(name)
      .description(about)
      .option("--queue <url>", "redis://[user:password@]host:port[/db], or rediss:// for TLS")
      .option("--name <name>", "of the sweep (default: default)");
  add("status", "How far a sweep in a queue is, and which workers there are.")
    .option("--json", "print it as one JSON object")
    .action(async (_: object, command: Command) => {
      const { queue, name, json } = asked("sweep status", command);
      const { sweepStatus } = await import("../sweep/queue/status.js");
      const status = await sweepStatus(queue, name);
      await terminal.write(json ? `${JSON.stringify(status, null, 2)}\n` : statusText(status));
    });
  add("cancel", "Take a sweep out of a queue. Runs that are saved stay; runs in training are left.").action(
    async (_: object, command: Command) => {
      const { queue, name } = asked("sweep cancel", command);
      const { cancelSweep } = await import("../sweep/queue/status.js");
      const jobs = await cancelSweep(queue, name);
      await terminal.write(`sweep ${name}: cancelled, ${jobs} runs taken out of the queue\n`);
    },
  );
}

/** `sweep` has options of these names, and reads them before its own commands do. */
function asked(called: string, command: Command): QueueOptions {
  const { queue, ...options } = command.optsWithGlobals<Partial<QueueOptions> & { readonly name: string }>();
  if (queue === undefined) throw new UsageError(`${called}: --queue must be given`);
  return { ...options, queue };
}

function statusText(status: SweepStatus): string {
  const { name, state, total, waiting, training, uncollected, failed, workers, isCollected } = status;
  if (state !== "running") {
    const what = state === "cancelled" ? "was cancelled" : "is not in the queue";
    return `sweep ${name} ${what}${workers.length > 0 ? `; ${workers.length} workers wait for it` : ""}\n`;
  }
  const done = total - waiting - training - failed;
  const lines = [
    `sweep ${name}: ${done} of ${total} runs done, ${training} in training, ${waiting} waiting, ${failed} failed`,
    isCollected
      ? `its results are being collected${uncollected > 0 ? `, ${uncollected} are on the way` : ""}`
      : `nobody collects its results (${uncollected} wait); continue with: ${status.command} --resume, ` +
        "and --out, --queue and --name as before",
    ...status.failures.map(({ run, reason }) => `  ${run}: ${reason}`),
    workers.length === 0 ? "no worker is there; start one with hadamask worker and the same --queue and --name" : "",
  ];
  const rows = workers.map(({ name: called, host, pid, concurrency, done: trained, training: runs }) => [
    called,
    `${host} ${pid}`,
    String(concurrency),
    String(trained),
    runs.join("; ") || "–",
  ]);
  const heads = [
    { title: "worker" },
    { title: "process" },
    { title: "at a time" },
    { title: "done" },
    { title: "in training" },
  ];
  return `${lines.filter((line) => line !== "").join("\n")}\n${rows.length > 0 ? `\n${table(heads, rows)}` : ""}`;
}
