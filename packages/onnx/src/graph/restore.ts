// From a flat list of nodes back to bodies.

import { tensorInfo } from "../protobuf/make.js";
import { DATA_TYPE, type GraphProto, type NodeProto, withFields } from "../protobuf/types.js";
import { bracketOf, type Holder } from "./brackets.js";

/** A holder whose bodies are being put together. */
interface Open {
  readonly number: number;
  readonly bodies: NodeProto[][];
  readonly ins: string[];
  readonly outs: NodeProto[];
}

/** What stands between brackets goes into the bodies of the holders. */
export function restoreBodies(nodes: readonly NodeProto[], holders: readonly Holder[]): NodeProto[] {
  const main: NodeProto[] = [];
  const open: Open[] = [];
  const put = (node: NodeProto): void => void (open.at(-1)?.bodies.at(-1) ?? main).push(node);
  for (const node of nodes) {
    switch (bracketOf(node)) {
      case undefined:
        put(node);
        break;
      case "Begin":
        if (node.name!.endsWith("/0"))
          open.push({ number: Number.parseInt(node.name!, 10), bodies: [], ins: [], outs: [] });
        open.at(-1)!.bodies.push([]);
        break;
      case "In":
      case "Each":
        open.at(-1)!.ins.push(node.input?.[0] ?? "");
        break;
      case "End": {
        const done = open.pop()!;
        put(holderOf(holders[done.number]!, done));
        break;
      }
      default:
        open.at(-1)!.outs.push(node);
    }
  }
  return main;
}

function holderOf({ node, bodies }: Holder, { bodies: lists, ins, outs }: Open): NodeProto {
  let at = 0;
  const graphs = bodies.map((body, i): GraphProto => {
    const output = outs.map(({ input }, k) => ({
      ...(body.output?.[k] ?? tensorInfo("", DATA_TYPE.int64)), // only shapes are added
      name: input![i]!,
    }));
    return withFields(body, { node: lists[i]!, output });
  });
  const attribute = (node.attribute ?? []).map((entry) =>
    entry.g ? { ...entry, g: graphs[at++]! } : withAxes(entry, outs),
  );
  // what a body is not given, as conditions, has no bracket or an empty one
  const input = (node.input ?? []).map((name, k) => ins[k] || name);
  const output = outs.map((entry) => entry.output![0]!).slice(node.opType === "Loop" ? 1 : 0);
  return withFields(node, { input, output, attribute });
}

/** A Scan may say for each of its outputs along which axis, and in which direction, steps are put together. */
function withAxes(entry: NonNullable<NodeProto["attribute"]>[number], outs: readonly NodeProto[]) {
  if (entry.name !== "scan_output_axes" && entry.name !== "scan_output_directions") return entry;
  const count = outs.filter((node) => bracketOf(node) === "All").length;
  return { ...entry, ints: Array.from({ length: count }, (_, k) => entry.ints?.[k] ?? 0) };
}
