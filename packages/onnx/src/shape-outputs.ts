// The shapes of a rewritten model's sites as further outputs of it.

import { makerOf, tensorInfo, withGraph } from "./protobuf/make.js";
import { DATA_TYPE, type ModelProto } from "./protobuf/types.js";
import type { Site } from "./sites.js";

/** The output that tells the shape of a site's tensor. */
export const shapeName = ({ input }: Pick<Site, "input">): string => `${input}_shape`;

/**
 * The model with the shapes of its sites as further outputs. They cost nothing, and are fetched only where they are
 * asked for.
 */
export function withShapeOutputs(model: ModelProto, sites: readonly Site[]): ModelProto {
  const graph = model.graph!;
  const node = sites.map((site) => makerOf(shapeName(site), "Shape", [site.tensor]));
  const output = sites.map((site) => tensorInfo(shapeName(site), DATA_TYPE.int64, [{}]));
  return withGraph(model, {
    node: [...(graph.node ?? []), ...node],
    output: [...(graph.output ?? []), ...output],
  });
}
