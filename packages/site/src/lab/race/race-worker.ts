// Times the runners for a page, in a thread of its own.

import { kernelName } from "hadamask";
import { type CaseResult, measure } from "../../../../cli/src/bench/harness.js";
import { openRace, type RaceOptions } from "./cases.js";
import type { Lap, Runner } from "./runners.js";

export interface ToRace extends RaceOptions {
  readonly rounds: number;
  readonly withTfjs: boolean;
}

export type FromRace =
  | { readonly kind: "laps"; readonly laps: readonly Lap[]; readonly kernel: string; readonly isLast: boolean }
  | { readonly kind: "error"; readonly message: string };

const say = (message: FromRace): void => postMessage(message);

const lapOf = ({ name, ns, ratio }: CaseResult): Lap => ({
  runner: name as Runner,
  ns: ns.median,
  quartiles: ns.quartiles,
  ratio: ratio.median,
});

async function race({ rounds, withTfjs, ...options }: ToRace): Promise<void> {
  const { cases, close } = openRace(options);
  try {
    const { results } = await measure({ name: "race", cases }, rounds);
    const laps = results.map(lapOf);
    say({ kind: "laps", laps: [...laps], kernel: kernelName(), isLast: !withTfjs });
    if (!withTfjs) return;
    // Each beside a copy of its own, in the same rounds.
    const { BACK_ENDS, openTfjs } = await import("./tfjs.js");
    for (const [i, [backEnd, name]] of BACK_ENDS.entries()) {
      const opened = await openTfjs(backEnd, name, options);
      const group = { name: "race", cases: [cases[0]!, opened.runner] };
      laps.push(lapOf((await measure(group, rounds)).results[1]!));
      opened.close();
      say({ kind: "laps", laps: [...laps], kernel: kernelName(), isLast: i === BACK_ENDS.length - 1 });
    }
  } finally {
    close();
  }
}

addEventListener("message", ({ data }: MessageEvent<ToRace>) => {
  race(data).catch((error: Error) => say({ kind: "error", message: error.message }));
});
