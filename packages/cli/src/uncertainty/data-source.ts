// The files of rows as the model takes them: the data, rows to calibrate with, strange rows.

import { allRows, isFolder, openRows, type RowsAsked } from "../data/model-inputs.js";
import type { JpegCodec } from "../data/pictures/decode.js";
import { type PictureMaker, pictureMaker } from "../data/pictures/settings.js";
import type { RowData, RowSource } from "../data/row-source.js";
import { inLayout } from "./layout.js";
import type { LoadedModel } from "./model.js";
import { mainInput, rowShape } from "./model-rows.js";
import { pictureTarget } from "./picture-target.js";
import type { UncertaintyRequest } from "./request.js";

/** What files are read for. */
export interface DataContext {
  readonly request: UncertaintyRequest;
  readonly model: LoadedModel;
  /** Reads JPEG files; undefined where no folder of pictures was named. */
  readonly jpeg: JpegCodec | undefined;
}

/** @throws {DataError | UsageError} If the file cannot be used. */
export function openData(context: DataContext): RowSource {
  const { data, labels, table } = context.request;
  return openLike(context, data, labels, table);
}

/** The files that rows are read from may be folders of pictures, whose reader takes a moment to load. */
export async function loadReaders({ data, calibrate, strange }: UncertaintyRequest): Promise<JpegCodec | undefined> {
  const paths = [data, ...(typeof calibrate === "object" ? [calibrate.file] : []), ...(strange ?? [])];
  if (!paths.some(isFolder)) return undefined;
  const { loadJpegCodec } = await import("../data/pictures/decode.js");
  return loadJpegCodec();
}

function openLike(
  context: DataContext,
  path: string,
  labels: string | undefined,
  table: UncertaintyRequest["table"],
): RowSource {
  const { request, model, jpeg } = context;
  const main = mainInput(model, request);
  const isPictures = jpeg !== undefined && isFolder(path);
  const pictures: RowsAsked["pictures"] = isPictures ? { maker: makerFor(context), jpeg } : undefined;
  const source = openRows(path, { labels, table, codes: model.notes.columns, array: main.name, pictures });
  if (isPictures) return source; // in the layout of the model already
  try {
    return inLayout(source, request.layout, rowShape(main, request));
  } catch (error) {
    source.close();
    throw error;
  }
}

function makerFor({ request, model }: DataContext): PictureMaker {
  const main = mainInput(model, request);
  const { size, crop, mean, std } = request;
  const target = pictureTarget(model, main, rowShape(main, request), request);
  return pictureMaker({ size, crop, mean, std }, target);
}

/** All rows of another file of the same kind as the data; what its rows are called does not matter. */
export function readLike(context: DataContext, path: string, labels: string | undefined): RowData {
  const { id, ignore = [], ...asked } = context.request.table ?? {};
  const table = id === undefined ? context.request.table : { ...asked, ignore: [...ignore, id] };
  const source = openLike(context, path, labels, table);
  try {
    return allRows(source);
  } finally {
    source.close();
  }
}
