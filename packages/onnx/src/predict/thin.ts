// Leaves dropped units out of a model instead of setting them to 0: where a site lies between two dense layers, the
// columns of the first that make dropped units and the rows of the second that read them are not computed with. Knows
// graphs; knows neither randomness nor the runtime.

import { constantTensor } from "../graph/constant.js";
import { type GraphView, intAttribute, isOperator, viewGraph } from "../graph/view.js";
import { makerOf, tensorInfo, wholeNumber, withGraph } from "../protobuf/make.js";
import {
  type AttributeProto,
  DATA_TYPE,
  type ModelProto,
  type NodeProto,
  toNumber,
  withFields,
} from "../protobuf/types.js";
import { elementTypeOf, type Site } from "../sites.js";

/** A site whose multipliers gave way to the numbers of the units that stay. */
export interface ThinnedSite {
  readonly site: Site;
  /** Extra input: int32, ascending. */
  readonly kept: string;
  /** Extra input: what the units that stay are multiplied by. */
  readonly scale: string;
}

/** What stands around a site that can be thinned. */
interface Plan extends ThinnedSite {
  readonly multiply: NodeProto;
  /** The dense layer whose columns make the units. */
  readonly maker: NodeProto;
  /** From the maker to the site, each for every element by itself. */
  readonly steps: readonly NodeProto[];
  /** The dense layers whose rows read the units. */
  readonly readers: readonly NodeProto[];
}

/**
 * Thins a rewritten model.
 *
 *     y = (f(x A + a) * m) B + b   becomes   y = f(x A[:, kept] + a[kept]) (B[kept, :] * scale) + b
 *
 * with the same answers up to the order of float sums, except that a dropped NaN or infinity has no part in them.
 *
 * @param sites Those whose decisions are one for each column of a matrix, the same for all rows.
 * @returns The model, and the sites that could be thinned: the others still take multipliers. undefined if none could.
 */
export function thin(
  model: ModelProto,
  sites: readonly Site[],
): { readonly model: ModelProto; readonly thinned: readonly ThinnedSite[] } | undefined {
  const view = viewGraph(model);
  const plans = sites.flatMap((site) => planOf(view, site) ?? []);
  if (plans.length === 0) return undefined;
  const { graph } = view;
  const replaced = new Set(plans.map(({ site }) => site.input));
  const changed = new Set(
    plans.flatMap(({ multiply, maker, steps }) => [multiply, maker, ...steps].map((node) => node.output![0]!)),
  );
  const inputs = plans.flatMap(({ site, kept, scale }) => [
    tensorInfo(kept, DATA_TYPE.int32, [{ dimParam: kept }]),
    tensorInfo(scale, elementTypeOf(site), []),
  ]);
  const around = surroundings(plans);
  return {
    model: withGraph(model, {
      node: view.nodes.flatMap((node) => thinNode(view, around, node)),
      input: [...(graph.input ?? []).filter(({ name }) => !replaced.has(name ?? "")), ...inputs],
      // their sizes are no longer true
      valueInfo: (graph.valueInfo ?? []).filter(({ name }) => !changed.has(name ?? "")),
    }),
    thinned: plans,
  };
}

function planOf(view: GraphView, site: Site): Plan | undefined {
  const [use, second] = view.uses(site.input);
  if (use === undefined || second !== undefined || !isOperator(use.node, "Mul")) return undefined;
  const multiply = use.node;
  const dropped = multiply.output![0]!;
  const reads = view.uses(dropped);
  const isRead = reads.length > 0 && reads.every(({ node, index }) => index === 0 && isDense(view, node));
  if (!isRead || view.isOutput(dropped)) return undefined;
  const steps: NodeProto[] = [];
  let tensor = multiply.input!.find((name) => name !== site.input)!;
  for (;;) {
    const node = view.producer(tensor);
    if (node === undefined || view.uses(tensor).length !== 1 || view.isOutput(tensor)) return undefined;
    if (isDense(view, node)) {
      if (![node, ...steps].every((step) => areOfColumns(view, step, columnsOf(view, node)))) return undefined;
      const [kept, scale] = [view.freeName(`${site.input}_kept`), view.freeName(`${site.input}_scale`)];
      return { site, kept, scale, multiply, maker: node, steps, readers: reads.map((read) => read.node) };
    }
    const from = stepInput(view, node);
    if (from === undefined) return undefined;
    steps.push(node);
    tensor = from;
  }
}

/** A matrix product of data with weights that the file fixes. */
function isDense(view: GraphView, node: NodeProto): boolean {
  const isProduct = isOperator(node, "MatMul") || (isOperator(node, "Gemm") && intAttribute(node, "transA", 0) === 0);
  return isProduct && constantTensor(view, node.input![1]!)?.dims?.length === 2;
}

const isTransposed = (node: NodeProto): boolean => isOperator(node, "Gemm") && intAttribute(node, "transB", 0) !== 0;

/** How many columns a dense layer makes. */
const columnsOf = (view: GraphView, node: NodeProto): number =>
  toNumber(constantTensor(view, node.input![1]!)!.dims![isTransposed(node) ? 0 : 1]);

/** Functions of one element. */
const UNARY: readonly string[] = [
  ..."Relu LeakyRelu ThresholdedRelu Elu Selu Celu Gelu Mish HardSwish".split(" "),
  ..."Tanh Sigmoid HardSigmoid Softplus Softsign".split(" "),
  ..."Identity Neg Abs Exp Log Sqrt Erf Clip".split(" "),
];

/** The data that a step works on; undefined for anything that mixes elements, or may. */
function stepInput(view: GraphView, node: NodeProto): string | undefined {
  if (UNARY.some((kind) => isOperator(node, kind))) return node.input![0];
  if (!["Add", "Sub", "Mul", "Div"].some((kind) => isOperator(node, kind))) return undefined;
  const data = node.input!.filter((name) => constantTensor(view, name) === undefined);
  return data.length === 1 ? data[0] : undefined;
}

/** Whether what else a node reads, weights apart, has one number for all, or one for each column. */
function areOfColumns(view: GraphView, node: NodeProto, columns: number): boolean {
  return node.input!.every((name, index) => {
    if (index === 1 && isDense(view, node)) return true;
    const dims = constantTensor(view, name)?.dims?.map(toNumber);
    if (dims === undefined) return name === "" || index !== 2; // the data; a bias must stand in the file
    return dims.length <= 2 && dims.slice(0, -1).every((size) => size === 1) && [1, columns].includes(dims.at(-1) ?? 1);
  });
}

/** What a node is to the sites that are thinned. */
interface Surroundings {
  readonly multiplies: ReadonlySet<NodeProto>;
  /** The site whose units a node makes, or works on. */
  readonly made: ReadonlyMap<NodeProto, Plan>;
  /** The site whose units a node reads. */
  readonly read: ReadonlyMap<NodeProto, Plan>;
}

const surroundings = (plans: readonly Plan[]): Surroundings => ({
  multiplies: new Set(plans.map(({ multiply }) => multiply)),
  made: new Map(plans.flatMap((plan) => [plan.maker, ...plan.steps].map((node) => [node, plan] as const))),
  read: new Map(plans.flatMap((plan) => plan.readers.map((node) => [node, plan] as const))),
});

/** The nodes that a node becomes. */
function thinNode(view: GraphView, around: Surroundings, node: NodeProto): NodeProto[] {
  if (around.multiplies.has(node)) return [];
  const [made, read] = [around.made.get(node), around.read.get(node)];
  if (made === undefined && read === undefined) return [node];
  const cut = new Cutter(view);
  const input = (node.input ?? []).map((name, index) => {
    if (read !== undefined && index === 0) return read.multiply.input!.find((data) => data !== read.site.input)!;
    if (index === 1 && isDense(view, node)) return cut.weights(node, read, made);
    return made !== undefined && isMany(view, name) ? cut.columns(name, made) : name;
  });
  return [...cut.nodes, withFields(node, { input })];
}

/** Whether a constant has a number for each column. */
function isMany(view: GraphView, name: string): boolean {
  const dims = constantTensor(view, name)?.dims?.map(toNumber);
  return dims !== undefined && dims.length > 0 && dims.at(-1)! > 1;
}

/** Cuts weights and biases down to the units that stay. */
class Cutter {
  readonly nodes: NodeProto[] = [];
  readonly #view: GraphView;

  constructor(view: GraphView) {
    this.#view = view;
  }

  /** A vector, or a matrix of one row. */
  columns(name: string, { kept }: ThinnedSite): string {
    return this.#gather(name, kept, constantTensor(this.#view, name)!.dims!.length - 1);
  }

  /** The weights of a dense layer: what reads the units of `read`, and makes those of `made`. */
  weights(node: NodeProto, read: ThinnedSite | undefined, made: ThinnedSite | undefined): string {
    const cuts = [
      { site: read, axis: isTransposed(node) ? 1 : 0 },
      { site: made, axis: isTransposed(node) ? 0 : 1 },
    ].sort((a, b) => a.axis - b.axis); // whole rows first: they are copied in one piece
    let name = node.input![1]!;
    for (const { site, axis } of cuts) if (site !== undefined) name = this.#gather(name, site.kept, axis);
    return read === undefined ? name : this.#node("Mul", [name, read.scale]);
  }

  #gather(name: string, kept: string, axis: number): string {
    return this.#node("Gather", [name, kept], wholeNumber("axis", axis));
  }

  #node(opType: string, input: readonly string[], ...attribute: readonly AttributeProto[]): string {
    const output = this.#view.freeName(`${input[0]}_kept`);
    this.nodes.push(makerOf(output, opType, input, ...attribute));
    return output;
  }
}
