// The inside of a fuzzing thread: makes and puts one case after the other, and says what came of each.

import { parentPort } from "node:worker_threads";
import { UsageError } from "../../../experiments/dist/settings.js";
import { DataError } from "../../dist/data/read.js";
import { Failure } from "../../dist/failure.js";
import { chance } from "./chance.mjs";
import { FORMATS } from "./formats.mjs";

/** What no user should read. */
const RAW =
  /Cannot (read|set|destructure|convert|mix)|is not a (function|constructor|iterable)|not iterable|Invalid (typed )?array|Maximum call|undefined|Expected a number for|^E[A-Z]{3,}\b|Reduce of empty/;

parentPort.on("message", ({ seed, format, n, isKept }) => {
  const { make, put } = FORMATS[format];
  const made = make(chance(`${seed} ${format} ${n}`));
  let [outcome, failure] = ["taken", undefined];
  try {
    put(made);
  } catch (error) {
    outcome = "refused";
    failure = faultOf(error);
  }
  const shown =
    isKept || failure !== undefined ? (Buffer.isBuffer(made) ? made : Buffer.from(describe(made))) : undefined;
  parentPort.postMessage({ outcome, failure, shown });
});

function faultOf(error) {
  if (!(error instanceof Error)) return `threw ${String(error)}`;
  const isOurs =
    error instanceof DataError ||
    error instanceof UsageError ||
    error instanceof Failure ||
    (error.message.length < 2000 && /^[\w./#]+: /.test(error.message));
  return isOurs && !RAW.test(error.message.replaceAll(/got .*/gs, "")) ? undefined : error.stack;
}

const describe = (made) =>
  JSON.stringify(made, (_, value) =>
    typeof value === "bigint" || typeof value === "symbol" || typeof value === "function" ? String(value) : value,
  ) ?? "undefined";
