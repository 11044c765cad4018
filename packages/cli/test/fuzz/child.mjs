// The inside of a fuzzing process: makes and puts one case after the other, and says what came of each. A process and
// not a thread, so that what ends it (native code, the memory) is seen too.

import { rmSync } from "node:fs";
import { chance } from "./chance.mjs";
import { faultOf } from "./fault.mjs";
import { describeCase, FORMATS, folder } from "./formats.mjs";

/** Bytes that one case may add to the most that the process has ever held. */
const MOST_MEMORY = 2 ** 29;

process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
process.on("disconnect", () => process.exit());
process.on("message", async ({ seed, format, from, count, isKept }) => {
  for (let n = from; n < from + count; n++) process.send(await outcomeOf({ seed, format, n, isKept }));
});
process.send({ isReady: true });

async function outcomeOf({ seed, format, n, isKept }) {
  const { make, put } = FORMATS[format];
  const made = make(chance(`${seed} ${format} ${n}`));
  let [outcome, failure] = ["taken", undefined];
  const [before, cpu] = [peak(), process.cpuUsage()];
  try {
    await put(made);
  } catch (error) {
    outcome = "refused";
    failure = faultOf(error);
  }
  const grown = peak() - before;
  if (grown > MOST_MEMORY) failure ??= `took ${Math.round(grown / 2 ** 20)} MB`;
  const { user, system } = process.cpuUsage(cpu);
  return {
    n,
    seconds: (user + system) / 1e6,
    outcome,
    failure,
    shown: isKept || failure !== undefined ? describeCase(made) : undefined,
  };
}

/** The most memory that this process has held, in bytes. */
const peak = () => 1024 * process.resourceUsage().maxRSS;
