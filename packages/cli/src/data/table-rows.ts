// Rows of a CSV file, for a model.

import { type ColumnCode, featuresOf, UsageError } from "@hadamask/experiments/settings";
import type { ByteSource } from "./byte-source.js";
import { quote } from "./cells.js";
import type { ColumnsAsked } from "./columns.js";
import { DataError } from "./data-error.js";
import type { RowSource } from "./row-source.js";
import { firstCells, openTable } from "./table.js";

/**
 * @param codes What the columns are for the model, if it says so: found by their names, in any order and among others,
 *   or as they stand where there are no names.
 * @throws {DataError | UsageError} If there is no row, or no column of that name.
 */
export function openTableRows(
  path: string,
  bytes: ByteSource,
  typed: ColumnsAsked,
  codes?: readonly ColumnCode[],
): RowSource {
  const asked = codes === undefined ? typed : withNames(path, bytes, typed, codes);
  const missing = (option: string, name: string, columns: number): Error => {
    const [flag, rule] = option === "label" ? ["labels", "a file, a column"] : [option, "a column"];
    return new UsageError(
      `uncertainty: --${flag} must be ${rule} of ${path} or its number from 1 to ${columns}, ` +
        `got ${JSON.stringify(name)}`,
    );
  };
  const source = openTable(path, bytes, { asked, isLabelLast: false, missing });
  const found = source.columns.features.length;
  if (codes !== undefined && codes.length !== found)
    throw new DataError(
      `${path}: must have the ${codes.length} columns that the model was trained on (${listed(codes)}), got ${found}`,
    );
  const size = codes === undefined ? found : featuresOf(codes);
  return {
    path,
    dims: [source.rows, size],
    bytes: bytes.size,
    hasLabels: source.columns.label >= 0,
    *batches(most) {
      for (const { rows, values, labels, ids } of source.batches(most, codes))
        yield { path, dims: [rows, size], values, labels, ids };
    },
    close: () => bytes.close(),
  };
}

/** Where the heading has names, the model's columns by theirs. */
function withNames(path: string, bytes: ByteSource, asked: ColumnsAsked, codes: readonly ColumnCode[]): ColumnsAsked {
  if (asked.columns !== undefined || asked.heading === "no") return asked;
  const first = firstCells(path, bytes, asked.encoding);
  const lacking = codes.filter(({ name }) => !first.includes(name));
  if (lacking.length === codes.length) return asked;
  if (lacking.length > 0)
    throw new DataError(
      `${path}: line 1: has no column named ${quote(lacking[0]!.name)}; the model was trained on ${listed(codes)}`,
    );
  return { ...asked, heading: "yes", columns: codes.map(({ name }) => name) };
}

const listed = (codes: readonly ColumnCode[]): string => {
  const names = codes.map(({ name }) => name);
  return names.length > 12 ? `${names.slice(0, 10).join(", ")}, …` : names.join(", ");
};
