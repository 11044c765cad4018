// What --where means: from a short text to places in a model.

import { UsageError } from "@hadamask/experiments/settings";
import type { Inspection, PlaceGroup, Placement } from "@hadamask/onnx";

/** Lines for the help text: a term, and what it asks for. */
export const WHERE_HELP: readonly (readonly [string, string])[] = [
  ["dropout", "the Dropout nodes of the model (default, where it has any)"],
  ["after:OPERATOR", "after activations: after:Relu, after:Gelu, after:AttentionSoftmax"],
  ["before:OPERATOR", "before layers with weights: before:Gemm, before:MatMul, before:Conv"],
  ["weights", "on the weights of layers (DropConnect)"],
  ["recipe", "after every layer with weights but the last; whole channels behind convolutions"],
  ["none", "nowhere: several models are an ensemble, and nothing else"],
  ["last:N", "only the last N of these"],
  ["channel, sample", "one decision for a whole channel, or a whole row"],
  ["anything else", "only places with that name; * stands for anything"],
];

const LONGEST = 2000;

/**
 * Reads terms that are separated by commas; several operators and several names add up.
 *
 * @throws {UsageError} If a term makes no sense.
 */
export function readWhere(text: string): Omit<Placement, "rate"> {
  if (text.length > LONGEST)
    throw new UsageError(`uncertainty: --where must have at most ${LONGEST} characters, got ${text.length}`);
  const terms = text.split(",").map((term) => term.trim());
  const of = (prefix: string): string[] =>
    terms.filter((term) => term.startsWith(`${prefix}:`)).map((term) => term.slice(prefix.length + 1));
  const [after, before, last] = [of("after"), of("before"), of("last")];
  const words = terms.filter((term) => !/^(after|before|last):/.test(term));
  const shares = words.filter((term) => term === "channel" || term === "sample");
  const names = words.filter((term) => !["channel", "sample", "dropout", "weights", "recipe"].includes(term));
  const odd = [...terms, ...after, ...before].find((term) => term === "");
  if (odd !== undefined || shares.length > 1 || last.length > 1 || last.some((n) => !/^[1-9]\d*$/.test(n))) {
    throw new UsageError(
      `uncertainty: --where must be terms as --help lists them, separated by commas, got ${JSON.stringify(text)}`,
    );
  }
  return {
    ...(after.length > 0 ? { after } : {}),
    ...(before.length > 0 ? { before } : {}),
    ...(words.includes("weights") ? { weights: true } : {}),
    ...(words.includes("recipe") ? { recipe: true } : {}),
    ...(last.length > 0 ? { last: Number(last[0]) } : {}),
    ...(shares.length > 0 ? { share: shares[0] as "channel" | "sample" } : {}),
    ...(names.length > 0 ? { where: patternOf(names) } : {}),
  };
}

/** A kind of places, as --where takes it. */
export function termOf({ kind, operator }: Pick<PlaceGroup, "kind" | "operator">): string {
  if (kind === "dropout") return "dropout";
  return kind === "weight" ? "weights" : `${kind}:${operator}`;
}

/** What to type to begin with; undefined if there is nothing to advise. */
export function adviceCommand({ suggested }: Pick<Inspection, "suggested">): string | undefined {
  if (suggested === undefined) return undefined;
  const { after = [], before = [], where, last } = suggested;
  const terms = [
    ...after.map((operator) => `after:${operator}`),
    ...before.map((operator) => `before:${operator}`),
    ...(typeof where === "string" ? [where] : []),
    ...(last === undefined ? [] : [`last:${last}`]),
  ].join(",");
  return `--where ${/^[\w:,./-]+$/.test(terms) ? terms : `'${terms}'`} --rate 0.1`;
}

/**
 * One name stays a text with stars; several become a regular expression that never goes back: what a star stands for
 * ends where its next text begins first, which a lookahead finds once and for all.
 */
function patternOf(names: readonly string[]): string | RegExp {
  if (names.length === 1) return names[0]!;
  let groups = 0;
  const one = (name: string): string => {
    const [first = "", ...rest] = name.split(/\*+/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const last = rest.pop();
    if (last === undefined) return first;
    const inner = rest.map((part) => `(?=(.*?${part}))\\${++groups}`).join("");
    return `${first}${inner}.*${last}`;
  };
  return new RegExp(`^(?:${names.map(one).join("|")})$`, "s");
}
