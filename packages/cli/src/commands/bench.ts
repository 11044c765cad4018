// `hadamask bench`: how fast the kernels are on this machine, beside a copy of the same arrays.

import type { GroupResult } from "../bench/harness.js";
import { jsonText } from "../output/json.js";
import type { Terminal } from "../output/terminal.js";
import { countOption } from "./options.js";
import { examples, type Register } from "./register.js";

export const bench: Register = (program, terminal) => {
  program
    .command("bench")
    .description("Time dropout on this machine, as a multiple of copying the same arrays.")
    .option("--quick", "the main groups only, in under 30 seconds")
    .option(
      "--rounds <n>",
      "how often each case is timed (default: 41, with --quick 9)",
      countOption("bench: --rounds"),
    )
    .option("--gpu", "on a WebGPU device instead, beside a copy and a kernel y = c x (needs the npm package webgpu)")
    .option("--json", "print one JSON object and nothing else")
    .addHelpText("after", READING_HELP)
    .addHelpText(
      "after",
      examples([
        ["hadamask bench --quick", "the ratios, in half a minute"],
        ["hadamask bench", "everything the library does, in some minutes"],
        ["hadamask bench --gpu", "what the graphics card does"],
        ["hadamask bench --json > bench.json", "for a program"],
      ]),
    )
    .action((options: BenchOptions) => run(options, terminal));
};

const READING_HELP = `
Cases of a group take turns on the same arrays. "ratio" is the time as a multiple of the group's first case, taken in
the same round; the median over the rounds, with quartiles. Every result is checked before it is timed. Other work on
the machine makes times longer and quartiles wider, and ratios of large arrays better or worse.`;

interface BenchOptions {
  readonly quick?: true;
  readonly rounds?: number;
  readonly gpu?: true;
  readonly json?: true;
}

async function run({ quick, rounds, gpu, json }: BenchOptions, terminal: Terminal): Promise<void> {
  if (gpu) return runOnGpu(rounds ?? (quick ? 5 : 15), json, terminal);
  const { measure } = await import("../bench/harness.js");
  const { PLANS } = await import("../bench/groups.js");
  const { groupTable } = await import("../bench/report.js");
  const { thisMachine } = await import("../bench/machine.js");
  const machine = thisMachine();
  if (!json) {
    const { cpu, cores, kernel, node, load } = machine;
    await terminal.write(`${cpu}, ${cores} cores, Node ${node}, kernel ${kernel}, load ${load}\n\n`);
  }
  const groups: GroupResult[] = [];
  for (const plan of PLANS.filter(({ isQuick }) => isQuick || !quick)) {
    const { group, close } = plan.open();
    try {
      groups.push(await measure(group, rounds ?? (quick ? 9 : 41)));
    } finally {
      close();
    }
    if (!json) await terminal.write(`${groupTable(groups.at(-1)!, terminal.paint)}\n`);
  }
  if (json) await terminal.write(`${jsonText({ machine, date: new Date().toISOString(), groups })}\n`);
}

async function runOnGpu(rounds: number, json: true | undefined, terminal: Terminal): Promise<void> {
  const { benchGpu, gpuLines } = await import("../bench/gpu.js");
  const report = await benchGpu({ rounds });
  await terminal.write(json ? `${jsonText(report)}\n` : `${gpuLines(report).join("\n")}\n`);
}
