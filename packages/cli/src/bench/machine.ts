// Where a benchmark ran: what one has to know to compare its numbers with others.

import { execFileSync } from "node:child_process";
import { arch, cpus, loadavg, platform, totalmem } from "node:os";
import { type KernelName, kernelName } from "hadamask";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly platform: string;
  /**
   * Processes that wanted to run, on average over the last minute: well above 0 before the start, and the times are
   * not to be trusted.
   */
  readonly load: number;
  /** Which kernel does the work, see kernelName of the library. */
  readonly kernel: KernelName;
  readonly node: string;
  readonly v8: string;
  /** Commit of the working tree, with "+" if it has changes; absent outside of a repository. */
  readonly commit?: string;
}

export function thisMachine(): Machine {
  const processors = cpus();
  const commit = commitOf();
  return {
    cpu: processors[0]?.model ?? "unknown",
    cores: processors.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    platform: `${platform()} ${arch()}`,
    load: Number(loadavg()[0]!.toFixed(2)),
    kernel: kernelName(),
    node: process.versions.node,
    v8: process.versions.v8,
    ...(commit === undefined ? {} : { commit }),
  };
}

function commitOf(): string | undefined {
  try {
    const git = (...args: string[]): string =>
      execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    return (
      git("rev-parse", "--short", "HEAD") + (git("status", "--porcelain", "--untracked-files=no") === "" ? "" : "+")
    );
  } catch {
    return undefined;
  }
}
