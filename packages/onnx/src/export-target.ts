// The end of an exported network that predicts a value: from what the last layer gives to the value's own unit.

import { describe } from "./check.js";
import type { GraphBuilder } from "./graph-builder.js";
import { wholeNumber } from "./protobuf/make.js";

/** The value that a network predicts: mean = shift + scale * (first output of the last layer). */
export interface TargetDescription {
  readonly name: string;
  readonly shift: number;
  /** Above 0. */
  readonly scale: number;
  /**
   * Of its noise: the standard deviation of all rows, in its own unit; or the second output of the last layer is the
   * logarithm of its variance, before scaling, and held within ± this.
   */
  readonly noise: { readonly deviation: number } | { readonly mostLogVariance: number };
}

/** @param outputs Of the last layer. */
export function checkTarget(where: string, target: TargetDescription | undefined, outputs: number): void {
  if (target === undefined) return;
  const { shift, scale, noise } = target;
  if (!Number.isFinite(shift)) throw new RangeError(`${where}: target.shift must be a number, got ${describe(shift)}`);
  checkAbove(where, "target.scale", scale);
  const wanted = "deviation" in noise ? 1 : 2;
  if (outputs !== wanted)
    throw new RangeError(`${where}: the last layer must have ${wanted} outputs for this target, got ${outputs}`);
  checkAbove(where, "target.noise", "deviation" in noise ? noise.deviation : noise.mostLogVariance);
}

function checkAbove(where: string, name: string, value: number): void {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY))
    throw new RangeError(`${where}: ${name} must be above 0, got ${describe(value)}`);
}

/** Makes `mean` and `log_variance` of the last layer's output. */
export function targetOutputs(builder: GraphBuilder, { shift, scale, noise }: TargetDescription, output: string): void {
  const scalar = (name: string, value: number): string => {
    builder.weight(name, [1], [value]);
    return name;
  };
  const isFixed = "deviation" in noise;
  const column = (at: number, name: string): string => {
    builder.indices(`${name}.column`, [at]);
    builder.node("Gather", `${name}.take`, [output, `${name}.column`], name, [wholeNumber("axis", 1)]);
    return name;
  };
  const mean = isFixed ? output : column(0, "target.mean");
  builder.node("Mul", "target.scale.mul", [mean, scalar("target.scale", scale)], "target.scaled");
  builder.node("Add", "target.shift.add", ["target.scaled", scalar("target.shift", shift)], "mean");
  if (isFixed) {
    // The same for every row, in the shape of the mean.
    builder.node("Mul", "noise.zero.mul", [output, scalar("noise.zero", 0)], "noise.zeros");
    const logVariance = scalar("noise.log_variance", 2 * Math.log(noise.deviation));
    builder.node("Add", "noise.add", ["noise.zeros", logVariance], "log_variance");
    return;
  }
  builder.weight("noise.least", [], [-noise.mostLogVariance]);
  builder.weight("noise.most", [], [noise.mostLogVariance]);
  builder.node("Clip", "noise.clip", [column(1, "noise.log"), "noise.least", "noise.most"], "noise.clipped");
  builder.node("Add", "noise.add", ["noise.clipped", scalar("noise.unit", 2 * Math.log(scale))], "log_variance");
}
