// Which outputs of the model depend on a tensor's values, and whether a layer with weights lies on the way. One walk
// from the outputs back, more where states of a Loop or Scan go round.

import type { NodeProto } from "../protobuf/types.js";
import { bracketOf } from "./brackets.js";
import { weightedLayers } from "./layers.js";
import { type GraphView, isOneOf } from "./view.js";

/** From tensors to the outputs behind them. */
export interface Reach {
  /** Outputs that depend on the values of a tensor, in the order of the model. */
  outputs(tensor: string): readonly string[];
  /** Those of them that do so through a layer with weights. */
  outputsBehindLayers(tensor: string): readonly string[];
}

/** What these give depends on the shape of their input, not on its values. */
const SHAPES_ONLY: ReadonlySet<string> = new Set(
  "Shape Size ConstantOfShape RandomNormalLike RandomUniformLike EyeLike".split(" "),
);

/** More outputs than a model has answers: of stranger ones the first are followed. */
const OUTPUT_LIMIT = 1024;

/** @param asked The outputs that count. */
export function reachOf(view: GraphView, asked: readonly string[]): Reach {
  const outputs = asked.slice(0, OUTPUT_LIMIT);
  const words = Math.max(1, Math.ceil(outputs.length / 32));
  const bits = new Map(outputs.map((name, i) => [name, i]));
  const dataOf = new Map(weightedLayers(view).map(({ node, data }) => [node, data]));
  const [reached, behind] = [new Map<NodeProto, Uint32Array>(), new Map<NodeProto, Uint32Array>()];

  /** The outputs behind a tensor; `isBehind`: through a layer. */
  const collect = (tensor: string, isBehind: boolean, into: Uint32Array): void => {
    const own = bits.get(tensor);
    if (own !== undefined && !isBehind) into[own >> 5]! |= 1 << (own & 31);
    for (const { node } of view.uses(tensor)) {
      if (isOneOf(node, SHAPES_ONLY)) continue;
      const from = !isBehind || dataOf.get(node) === tensor ? reached.get(node) : behind.get(node);
      if (from !== undefined) for (let w = 0; w < words; w++) into[w]! |= from[w]!;
    }
  };
  /** Whether something changed at a bracket, which may be read by an earlier node: the states of a Loop go round. */
  const walk = (): boolean => {
    let isNew = false;
    for (let n = view.nodes.length - 1; n >= 0; n--) {
      const node = view.nodes[n]!;
      for (const [isBehind, found] of [
        [false, reached],
        [true, behind],
      ] as const) {
        const all = new Uint32Array(words);
        for (const name of node.output ?? []) if (name !== "") collect(name, isBehind, all);
        const before = found.get(node);
        isNew ||= bracketOf(node) === "In" && all.some((bits, w) => bits !== (before?.[w] ?? 0));
        found.set(node, all);
      }
    }
    return isNew;
  };
  while (walk());
  const names = (tensor: string, isBehind: boolean): readonly string[] => {
    const all = new Uint32Array(words);
    collect(tensor, isBehind, all);
    return outputs.filter((_, i) => ((all[i >> 5]! >>> (i & 31)) & 1) === 1);
  };
  return {
    outputs: (tensor) => names(tensor, false),
    outputsBehindLayers: (tensor) => names(tensor, true),
  };
}
