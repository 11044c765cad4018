// The shapes of a rewritten model's sites as further outputs of it.

import { DATA_TYPE, type ModelProto, withFields } from "./protobuf/types.js";
import type { Site } from "./sites.js";

/** The output that tells the shape of a site's tensor. */
export const shapeName = ({ input }: Pick<Site, "input">): string => `${input}_shape`;

/**
 * The model with the shapes of its sites as further outputs. They cost nothing, and are fetched only where they are
 * asked for.
 */
export function withShapeOutputs(model: ModelProto, sites: readonly Site[]): ModelProto {
  const graph = model.graph!;
  const node = sites.map((site) => ({
    name: `${shapeName(site)}_node`,
    opType: "Shape",
    input: [site.tensor],
    output: [shapeName(site)],
  }));
  const output = sites.map((site) => ({
    name: shapeName(site),
    type: { tensorType: { elemType: DATA_TYPE.int64, shape: { dim: [{}] } } },
  }));
  return withFields(model, {
    graph: withFields(graph, { node: [...(graph.node ?? []), ...node], output: [...(graph.output ?? []), ...output] }),
  });
}
