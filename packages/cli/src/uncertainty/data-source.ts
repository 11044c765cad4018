// The files of rows as the model takes them: the data, rows to calibrate with, strange rows.

import { allRows, openRows } from "../data/model-inputs.js";
import type { RowData, RowSource } from "../data/row-source.js";
import { inLayout } from "./layout.js";
import type { LoadedModel } from "./model.js";
import { mainInput, rowShape } from "./model-rows.js";
import type { UncertaintyRequest } from "./request.js";

/** @throws {DataError | UsageError} If the file cannot be used. */
export function openData(request: UncertaintyRequest, model: LoadedModel): RowSource {
  return openLike(request, model, request.data, request.labels, request.table);
}

function openLike(
  request: UncertaintyRequest,
  model: LoadedModel,
  path: string,
  labels: string | undefined,
  table: UncertaintyRequest["table"],
): RowSource {
  const main = mainInput(model, request);
  const source = openRows(path, labels, table, model.notes.columns);
  try {
    return inLayout(source, request.layout, rowShape(main, request));
  } catch (error) {
    source.close();
    throw error;
  }
}

/** All rows of another file of the same kind as the data; what its rows are called does not matter. */
export function readLike(
  request: UncertaintyRequest,
  model: LoadedModel,
  path: string,
  labels: string | undefined,
): RowData {
  const { id, ignore = [], ...asked } = request.table ?? {};
  const table = id === undefined ? request.table : { ...asked, ignore: [...ignore, id] };
  const source = openLike(request, model, path, labels, table);
  try {
    return allRows(source);
  } finally {
    source.close();
  }
}
