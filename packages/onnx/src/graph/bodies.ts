// What stands inside If, Loop and Scan, and inside functions that could not be written out: places that masks do not
// reach. Knows operators by their names only.

import { nameList } from "../check.js";
import type { GraphProto, ModelProto, NodeProto } from "../protobuf/types.js";
import { FUSED, OTHERS, WEIGHTED } from "./layers.js";
import { isOfRuntime, isOneOf, nodeName, subgraphs } from "./view.js";

/** A part of the model that is out of reach. */
export interface HiddenPart {
  /** "If", "Loop", "Scan", or the name of a function. */
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
    const layers = all.filter(
      (node) => isOneOf(node, WEIGHTED) || isOneOf(node, OTHERS) || isOfRuntime(node, FUSED),
    ).length;
    const dropout = all.filter((node) => isOneOf(node, DROPOUT)).map(nodeName);
    if (layers > 0 || dropout.length > 0) found.push({ inside, name, layers, dropout });
  };
  const nodes = graph?.node ?? [];
  for (const node of nodes) {
    const bodies = subgraphs(node);
    if (bodies.length > 0) {
      add(
        node.opType ?? "?",
        nodeName(node),
        bodies.flatMap((body) => body.node ?? []),
      );
    }
    const called = functions.find(
      ({ name, domain = "" }) => name === node.opType && (domain || "ai.onnx") === (node.domain || "ai.onnx"),
    );
    if (called !== undefined) add(`function ${called.name}`, nodeName(node), called.node ?? []);
  }
  return found;
}

/** All nodes, those of subgraphs too. */
function* nodesWithin(nodes: readonly NodeProto[]): Generator<NodeProto> {
  const open: NodeProto[] = [...nodes];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node;
    for (const body of subgraphs(node) as readonly GraphProto[]) open.push(...(body.node ?? []));
  }
}

const STEPS = "export with the steps written out, or with an LSTM, GRU or RNN operator";

/** What to do about each: masks are made before a run, and what a body does is known in it alone. */
const INSTEAD: Readonly<Record<string, string>> = { If: "export the branch that is meant", Loop: STEPS, Scan: STEPS };

/** "its layers are inside Scan (encoder), …", and what to do; undefined where none are hidden. */
export function whereLayersAre(parts: readonly HiddenPart[]): string | undefined {
  const holding = parts.filter(({ layers }) => layers > 0);
  if (holding.length === 0) return undefined;
  const advice = [...new Set(holding.flatMap(({ inside }) => INSTEAD[inside] ?? []))];
  const names = nameList(
    holding.map(({ inside, name }) => `${inside} (${name})`),
    3,
  );
  return `its layers are inside ${names}, where masks do not reach${advice.map((text) => `; ${text}`).join("")}`;
}
