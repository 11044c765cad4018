// What was asked of `hadamask uncertainty`: its options as typed, which argument is what, and the request that follows.

import { UsageError } from "@hadamask/experiments/settings";
import type { ColumnsAsked } from "../data/columns.js";
import type { UncertaintyRequest } from "../uncertainty/request.js";
import { DEFAULT_SEED } from "./options.js";

const NAME = "uncertainty";

/** Options as they are typed. */
export interface Typed
  extends Omit<
      UncertaintyRequest,
      "model" | "others" | "data" | "mainInput" | "inputs" | "constants" | "seed" | "samples" | "report" | "table"
    >,
    Omit<ColumnsAsked, "label"> {
  readonly input?: UncertaintyRequest["inputs"];
  readonly constant?: UncertaintyRequest["constants"];
  readonly seed?: bigint;
  readonly samples?: number | "auto";
  readonly out?: string;
  readonly report?: string;
  readonly force?: true;
  readonly json?: true;
}

/** What the arguments and --input are. */
type Files = Pick<UncertaintyRequest, "model" | "others" | "data" | "mainInput" | "inputs">;

/** Models are what is called .onnx. The rows: the data that were named, or else the file of the first input. */
export function filesOf(model: string, rest: readonly string[], { input }: Typed): Files {
  const isModel = (path: string): boolean => /\.onnx$/i.test(path);
  const others = rest.filter(isModel);
  const [data, second] = rest.filter((path) => !isModel(path));
  if (second !== undefined)
    throw new UsageError(
      `${NAME}: there must be one file or folder of data behind the models, got ${data} and ${second}`,
    );
  const models = { model, ...(others.length > 0 ? { others } : {}) };
  if (data !== undefined) return { ...models, data, inputs: input };
  const [first, ...inputs] = input ?? [];
  if (first === undefined)
    throw new UsageError(`${NAME}: the data are missing; pass a file after the model, or --input NAME=FILE.npy`);
  return { ...models, data: first.text, mainInput: first.name, inputs };
}

/** All that a run is told. */
export type UncertaintyOptions = Typed & Files;

/** What the options ask for. */
export function requestOf(options: UncertaintyOptions): UncertaintyRequest {
  const { out: _, report, json: __, force: ___, input: ____, constant, ...more } = options;
  const { columns, ignore, id, heading, encoding, ...rest } = more;
  return {
    ...rest,
    constants: constant,
    seed: options.seed ?? DEFAULT_SEED,
    samples: options.samples ?? (typeof options.masks === "object" ? options.masks.fixed : 100),
    report: report !== undefined,
    table: { columns, ignore, id, heading, encoding },
  };
}
