// What the doctor finds in a file of the reader: in a worker, since looking for the stream takes a second or more.

import { examineMask, type FoundStream, identifyStream, type MaskReport } from "hadamask/doctor";
import { DataError } from "../../../../cli/src/data/data-error.js";
import { isNpy, readNpy } from "../../../../cli/src/data/npy.js";

export interface Examined {
  readonly shape: readonly number[];
  readonly report: MaskReport;
  /** Undefined where it was not looked for: no rate, too few or too many elements. */
  readonly streams: readonly FoundStream[] | undefined;
}

/** Elements between which a stream is looked for: fewer prove nothing, more take too long. */
export const [FEWEST, MOST] = [64, 200_000];

/** @param rate The rate that was asked for; undefined where it is not known. */
export function examine(name: string, bytes: Uint8Array, rate: number | undefined): Examined {
  if (!isNpy(bytes)) throw new DataError(`${name}: is no .npy file; save the array with numpy.save`);
  const { shape, values } = readNpy(name, bytes);
  const report = examineMask(values, { shape, ...(rate !== undefined && { rate }) });
  const isLooked = rate !== undefined && values.length >= FEWEST && values.length <= MOST;
  const bits = Uint8Array.from(values, (value) => (value === 0 ? 0 : 1));
  return { shape, report, streams: isLooked ? identifyStream(bits, { rate }) : undefined };
}
