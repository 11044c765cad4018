// The single passes as a NumPy array, [samples, rows, …]: for your own statistics.

import { extname } from "node:path";
import { UsageError } from "@hadamask/experiments/settings";
import type { Pass } from "@hadamask/onnx";
import { npyHeader } from "../files/npy.js";
import { createFileWhole } from "../files/write-file.js";
import { sizesOf, statisticsKind } from "./kind.js";

/** @throws {UsageError} If the name is no .npy, or the number of passes is not known. */
export function checkPassesFile(path: string | undefined, samples: number | "auto"): void {
  if (path === undefined) return;
  if (extname(path).toLowerCase() !== ".npy")
    throw new UsageError(`uncertainty: --passes must end in .npy, got ${JSON.stringify(path)}`);
  if (samples === "auto") throw new UsageError('uncertainty: --passes goes with a number of --samples, got "auto"');
}

/**
 * Writes the passes as they come: probabilities of classifiers, [samples, rows, positions, classes] where a row has
 * several; else what the model puts out. Float32.
 */
export async function writePasses(
  path: string,
  passes: AsyncIterable<Pass>,
  { rows, samples }: { readonly rows: number; readonly samples: number },
): Promise<void> {
  const file = createFileWhole(path);
  try {
    for await (const { pass, answer, output, probabilities } of passes) {
      const values = Float32Array.from(probabilities ?? output);
      if (pass === 0) file.write(npyHeader("'<f4'", [samples, rows, ...shapeOf(answer, values.length / rows)]));
      file.write(new Uint8Array(values.buffer));
    }
    file.commit();
  } catch (error) {
    file.discard();
    throw error;
  }
}

function shapeOf(answer: Pass["answer"], size: number): readonly number[] {
  const kind = statisticsKind(answer.kind);
  if (kind === "values" || kind === "labels") return size === 1 ? [1] : answer.dims;
  const { columns, positions } = sizesOf(answer);
  return positions === 1 && kind === "classes" ? [columns] : [positions, size / positions];
}
