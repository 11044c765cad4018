// Rows of a CSV file, for a model.

import { UsageError } from "@hadamask/experiments/settings";
import type { ByteSource } from "./byte-source.js";
import type { ColumnsAsked } from "./columns.js";
import type { RowSource } from "./row-source.js";
import { openTable } from "./table.js";

/** @throws {DataError | UsageError} If there is no row, or no column of that name. */
export function openTableRows(path: string, bytes: ByteSource, asked: ColumnsAsked): RowSource {
  const missing = (option: string, name: string, columns: number): Error => {
    const [flag, rule] = option === "label" ? ["labels", "a file, a column"] : [option, "a column"];
    return new UsageError(
      `uncertainty: --${flag} must be ${rule} of ${path} or its number from 1 to ${columns}, got ${JSON.stringify(name)}`,
    );
  };
  const source = openTable(path, bytes, { asked, isLabelLast: false, missing });
  const size = source.columns.features.length;
  return {
    path,
    dims: [source.rows, size],
    bytes: bytes.size,
    hasLabels: source.columns.label >= 0,
    *batches(most) {
      for (const { rows, values, labels, ids } of source.batches(most))
        yield { path, dims: [rows, size], values, labels, ids };
    },
    close: () => bytes.close(),
  };
}
