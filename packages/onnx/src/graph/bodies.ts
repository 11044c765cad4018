// What stands inside bodies that could not be written out, as those of SequenceMap, and inside functions of another
// opset: places that masks do not reach. Knows operators by their names only.

import { nameList } from "../check.js";
import { nodeName, subgraphs } from "../protobuf/nodes.js";
import type { ModelProto, NodeProto } from "../protobuf/types.js";
import { functionKey } from "./inline.js";
import { FUSED, OTHERS, WEIGHTED } from "./layers.js";
import { isOfRuntime, isOneOf } from "./view.js";

/** A part of the model that is out of reach. */
export interface HiddenPart {
  /** An operator, or the name of a function. */
  readonly inside: string;
  /** The node that holds it. */
  readonly name: string;
  /** Layers with weights in it. */
  readonly layers: number;
  /** Names of its Dropout nodes. */
  readonly dropout: readonly string[];
}

const DROPOUT: ReadonlySet<string> = new Set(["Dropout"]);

/** The hidden parts of a model that have layers or Dropout nodes, one for each node that holds some. */
export function hiddenParts({ graph, functions = [] }: ModelProto): HiddenPart[] {
  const found: HiddenPart[] = [];
  const add = (inside: string, name: string, nodes: readonly NodeProto[]): void => {
    const all = [...nodesWithin(nodes)];
    const layers = all.filter(isLayer).length;
    const dropout = all.filter((node) => isOneOf(node, DROPOUT)).map(nodeName);
    if (layers > 0 || dropout.length > 0) found.push({ inside, name, layers, dropout });
  };
  const nodes = graph?.node ?? [];
  const byKey = new Map(functions.map((entry) => [functionKey(entry.domain, entry.name, entry.overload), entry]));
  for (const node of nodes) {
    const bodies = subgraphs(node);
    if (bodies.length > 0) {
      add(
        node.opType ?? "?",
        nodeName(node),
        bodies.flatMap((body) => body.node ?? []),
      );
    }
    const called = byKey.get(functionKey(node.domain, node.opType, node.overload));
    if (called !== undefined) add(`function ${called.name}`, nodeName(node), called.node ?? []);
  }
  return found;
}

const isLayer = (node: NodeProto): boolean =>
  isOneOf(node, WEIGHTED) || isOneOf(node, OTHERS) || isOfRuntime(node, FUSED);

/** Whether a layer or a Dropout node stands in the bodies of a node. */
export const hasPlaces = (node: NodeProto): boolean =>
  [...nodesWithin(subgraphs(node).flatMap((body) => body.node ?? []))].some(
    (inner) => isLayer(inner) || isOneOf(inner, DROPOUT),
  );

/** All nodes, those of subgraphs too. */
function* nodesWithin(nodes: readonly NodeProto[]): Generator<NodeProto> {
  const open: NodeProto[] = [...nodes];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node;
    for (const body of subgraphs(node)) for (const inner of body.node ?? []) open.push(inner);
  }
}

/** "its layers are inside SequenceMap (encoder), where masks do not reach"; undefined where none are hidden. */
export function whereLayersAre(parts: readonly HiddenPart[]): string | undefined {
  const holding = parts.filter(({ layers }) => layers > 0);
  if (holding.length === 0) return undefined;
  const names = nameList(
    holding.map(({ inside, name }) => `${inside} (${name})`),
    3,
  );
  return `its layers are inside ${names}, where masks do not reach`;
}
