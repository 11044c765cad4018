// The recipe "dropout after every layer": which tensors it drops, and how decisions are shared there. A tensor behind a
// layer is taken after its bias, its normalisation and its activation, as networks are built.

import { constantTensor } from "../graph/constant.js";
import { RECURRENT, weightedLayers } from "../graph/layers.js";
import type { Reach } from "../graph/reach.js";
import { type GraphView, isOneOf, isOperator } from "../graph/view.js";
import type { NodeProto } from "../protobuf/types.js";
import { activations } from "./activations.js";

export interface RecipeTensor {
  /** The layer that it comes from. */
  readonly layer: NodeProto;
  /** Whole channels behind convolutions. */
  readonly share: "element" | "channel";
}

const CONVOLUTIONS: ReadonlySet<string> = new Set("Conv ConvTranspose QLinearConv ConvInteger DeformConv".split(" "));

/** What may stand between a layer and its activation. */
const BETWEEN: ReadonlySet<string> = new Set(
  "BatchNormalization LayerNormalization InstanceNormalization GroupNormalization Identity Cast Squeeze".split(" "),
);

/** More nodes than stand between a layer and its activation. */
const STEP_LIMIT = 16;

/** By the tensor that is dropped. The last layer before an answer has none. */
export function recipeTensors(view: GraphView, reach: Reach): ReadonlyMap<string, RecipeTensor> {
  const active = new Set(activations(view).map(({ node }) => node));
  const found = new Map<string, RecipeTensor>();
  for (const { node: layer } of weightedLayers(view)) {
    const tensor = endOf(view, active, layer);
    if (view.isOutput(tensor) || reach.outputsBehindLayers(tensor).length === 0) continue;
    found.set(tensor, { layer, share: isOneOf(layer, CONVOLUTIONS) ? "channel" : "element" });
  }
  return found;
}

/** The tensor behind a layer, its bias, its normalisation and its activation. */
function endOf(view: GraphView, active: ReadonlySet<NodeProto>, layer: NodeProto): string {
  const [first = "", second = ""] = layer.output ?? [];
  // its own gates are its activation
  if (isOneOf(layer, RECURRENT)) return view.uses(first).length === 0 ? second : first;
  let tensor = first;
  for (let step = 0; step < STEP_LIMIT; step++) {
    const uses = view.uses(tensor);
    // a composed activation reads its input twice, and ends it
    const end = uses.map(({ node }) => node).find((node) => active.has(node));
    if (end !== undefined) return end.output?.[0] ?? tensor; // a node without output ends nothing
    const next = uses.length === 1 ? uses[0]!.node : undefined;
    if (next === undefined) return composedEnd(view, active, tensor) ?? tensor;
    const isBias =
      (isOperator(next, "Add") || isOperator(next, "Mul")) &&
      (next.input ?? []).some((name) => constantTensor(view, name) !== undefined);
    if (!isBias && !isOneOf(next, BETWEEN)) return tensor;
    const [behind] = next.output ?? [];
    if (behind === undefined) return tensor;
    tensor = behind;
  }
  return tensor;
}

/** The end of a composed activation that reads `tensor` several times: its gate is among the readers. */
function composedEnd(view: GraphView, active: ReadonlySet<NodeProto>, tensor: string): string | undefined {
  let level = view.uses(tensor).map(({ node }) => node);
  for (let step = 0; step < 5; step++) {
    level = level.flatMap((node) => view.uses(node.output?.[0] ?? "").map((use) => use.node)).slice(0, 8);
    const end = level.find((node) => active.has(node));
    if (end !== undefined) return end.output?.[0];
  }
  return undefined;
}
