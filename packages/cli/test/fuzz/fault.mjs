// Tells a refusal, with a sentence of ours, from a fault.

import { UsageError } from "../../../experiments/dist/settings.js";
import { DataError } from "../../dist/data/data-error.js";
import { Failure } from "../../dist/failure.js";
import { RAW } from "./raw.mjs";

/** What a file or a person says in a sentence of ours: what it got, and names in quotes. */
const THEIRS = /got .*|"(?:\\.|[^"\\])*"/gs;

/** What is wrong with an error; undefined where it is a sentence of ours. */
export function faultOf(error) {
  if (!(error instanceof Error)) return `threw ${String(error)}`;
  const isOurs =
    error instanceof DataError ||
    error instanceof UsageError ||
    error instanceof Failure ||
    (error.message.length < 2000 && /^[\w./#]+: /.test(error.message));
  return isOurs && !RAW.test(error.message.replaceAll(THEIRS, "")) ? undefined : error.stack;
}

/** Tries several ways to read a case. It is refused if all refuse it; a fault of any is thrown. */
export function tryAll(...ways) {
  const errors = ways.flatMap((way) => {
    try {
      way();
      return [];
    } catch (error) {
      return [error];
    }
  });
  const fault = errors.find((error) => faultOf(error) !== undefined);
  if (fault !== undefined) throw fault;
  if (errors.length === ways.length) throw errors[0];
}
