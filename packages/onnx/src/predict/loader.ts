// Models into the runtime: with the user's options, and with what its types are asked for.

import { viewGraph } from "../graph/view.js";
import { writeModel } from "../protobuf/codec.js";
import { withGraph } from "../protobuf/make.js";
import { type ModelProto, TYPE_NAMES } from "../protobuf/types.js";
import { createSession, messageOf, type Ort, type OrtSession, type SessionOptions, withoutSpinning } from "./ort.js";

/** `isRare`: for less than every pass. */
export type Load = (model: ModelProto, isRare?: boolean) => Promise<OrtSession>;

/** A way into the runtime whose refusals are worded. */
export function loaderFor(where: string, ort: Ort, options: SessionOptions): Load {
  return async (model, isRare = false) => {
    try {
      return await createSession(ort, writeModel(model), isRare ? withoutSpinning(options) : options);
    } catch (error) {
      throw new Error(`${where}: ONNX Runtime does not take the model: ${messageOf(error)}`, { cause: error });
    }
  };
}

/** What the runtime says of the element types of tensors: one session in which they are outputs. */
export async function askTypes(
  load: Load,
  model: ModelProto,
  tensors: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const view = viewGraph(model);
  const more = tensors.filter((name) => !view.isOutput(name) && view.producer(name) !== undefined);
  const output = [...(view.graph.output ?? []), ...more.map((name) => ({ name }))];
  const session = await load(withGraph(model, { output }), true);
  const types = (session.outputMetadata ?? []).map(({ name, type = "" }) => [name, TYPE_NAMES.indexOf(type)] as const);
  await session.release();
  return new Map(types.filter(([, type]) => type > 0));
}
