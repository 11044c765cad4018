// The shapes that a run gave through the outputs of `shape-outputs.ts`.

import { shown } from "../check.js";
import type { Site } from "../sites.js";
import { sizeOf } from "../size.js";
import type { OrtTensor } from "./ort.js";

/** A shape that a run gave, and in how many steps it was the same. */
export interface RunShape {
  readonly dims: readonly number[];
  /** 1 outside of Loop and Scan. */
  readonly steps: number;
}

/**
 * Reads what `withShapeOutputs` makes.
 *
 * @returns undefined for a tensor that the run did not make: in a branch that was not taken, or a loop of no steps.
 * @throws {RangeError} If the tensor has another shape in each step, so that no mask fits all.
 */
export function runShape(where: string, { name }: Pick<Site, "name">, tensor: OrtTensor): RunShape | undefined {
  const sizes = Array.from(tensor.data as BigInt64Array, Number);
  const rank = Number(tensor.dims.at(-1));
  const steps = sizeOf(tensor.dims.slice(0, -1).map(Number));
  const made = Array.from({ length: steps }, (_, step) => sizes.slice(step * rank, (step + 1) * rank)).filter(
    (dims) => !dims.includes(-1),
  );
  const [dims] = made;
  if (dims === undefined) return undefined;
  const odd = made.find((other) => other.some((size, axis) => size !== dims[axis]));
  if (odd !== undefined) {
    throw new RangeError(
      `${where}: the tensor at ${shown(name)} must have one shape in all steps, got [${dims.join(",")}] and ` +
        `[${odd.join(",")}]; choose another place`,
    );
  }
  return { dims, steps };
}
