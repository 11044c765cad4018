// From a table to a data set to train on. Knows no file system.

import type { Dataset } from "@hadamask/experiments/settings";
import type { CsvTable } from "./csv-table.js";
import { OPTDIGITS } from "./known.js";

/** The data set "optdigits", from its table. */
export function optdigitsOf({ table, featureCount, classes }: CsvTable): Dataset {
  const { description, image, scaling, trainRows } = OPTDIGITS;
  return {
    name: "optdigits",
    description,
    featureCount,
    classes,
    image,
    scaling,
    pool: table,
    defaultTrainRows: trainRows,
  };
}

/** Share of a table's rows to train on, where nothing says how to split it: four folds of five. */
export const TRAIN_SHARE = 0.8;

/** The data set of a user's own table, which is called `name`. */
export function datasetOf(
  name: string,
  { table, featureCount, classes, labelName, ids, columns, notes }: CsvTable,
): Dataset {
  const isRegression = classes.length === 0;
  const labelled = labelName === undefined ? "" : `, ${isRegression ? "values" : "classes"} in column “${labelName}”`;
  return {
    name,
    description:
      `${table.rows} rows of ${featureCount} numbers from ${name}${labelled}; ` +
      `each column scaled to mean 0 and variance 1.`,
    featureCount,
    classes,
    ...(isRegression && { target: { name: labelName ?? "value" } }),
    columns,
    ...(ids && { ids }),
    ...(notes.length > 0 && { notes }),
    scaling: "standardise",
    pool: table,
    defaultTrainRows: Math.floor(TRAIN_SHARE * table.rows),
  };
}
