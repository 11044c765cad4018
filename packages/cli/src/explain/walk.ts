// A pass in words: first as vectors, then element by element, with the numbers put into the formulas.

import { short } from "../output/number.js";
import type { Paint } from "../output/terminal.js";
import { type Formula, formulaOf } from "./formula.js";
import type { LossName, Pass, Upstream } from "./pass.js";

const RULE = "=".repeat(60);

export const LOSS_TEXT: Readonly<Record<LossName, string>> = { sum: "sum(y)", "sum-of-squares": "sum(y²)" };

/** What the walk says beside the numbers of the pass. */
export interface Surroundings {
  readonly upstream: Upstream;
  /** Where x and the mask come from, one line each. */
  readonly origin: readonly string[];
  /** Relative difference of the gradient from central differences. */
  /** undefined where the loss is not finite near x. */
  readonly gradientError: number | undefined;
}

/** The text of `hadamask explain`. */
export function walk(pass: Pass, surroundings: Surroundings, paint: Paint): string {
  const formula = formulaOf(pass);
  const title = (text: string) => `${RULE}\n${paint.bold(text)}\n${RULE}`;
  const blocks = [
    title("Dropout, forward and back"),
    settings(pass, formula, surroundings.origin),
    ...vectors(pass, formula, surroundings),
    title("Element by element"),
    ...pass.x.map((_, i) => element(pass, formula, i, paint)),
  ];
  return `${blocks.join("\n\n")}\n`;
}

const shortAll = (values: readonly number[]): string => `[${values.map(short).join(", ")}]`;

function settings({ rate, keep, mode, scaling }: Pass, formula: Formula, origin: readonly string[]): string {
  return [
    `rate ${short(rate)} (probability of dropping), keep = 1 - rate = ${short(keep)}`,
    `mode ${mode}, scaling ${scaling}: ${formula.inWords}`,
    ...origin,
  ].join("\n");
}

function vectors(pass: Pass, formula: Formula, { upstream, gradientError }: Surroundings): string[] {
  const { x, mask, y, loss, dy, dx } = pass;
  const byHand = dy.map((g, i) => formula.value(g, mask?.[i] ?? 1));
  const difference = byHand.reduce((total, value, i) => total + Math.abs(value - dx[i]!), 0);
  const lossText = "grad" in upstream ? undefined : LOSS_TEXT[upstream.loss];
  return [
    `Input x\n${shortAll(x)}`,
    mask === null ? "No mask is drawn in mode eval" : `Mask (1 = kept, 0 = dropped)\n${shortAll(mask)}`,
    `Forward: y = ${formula.symbols("x", "mask")}\n${shortAll(y)}`,
    ...(loss === null ? [] : [`Loss: L = ${lossText} = ${short(loss)}`]),
    `Backward: ∂L/∂y, ${lossText === undefined ? "given" : `since L = ${lossText}`}\n${shortAll(dy)}`,
    `Backward: ∂L/∂x = ${formula.symbols("∂L/∂y", "mask")}\n${shortAll(dx)}`,
    [
      `Check by hand: ${shortAll(byHand)}, summed difference ${short(difference)}`,
      `Check by central differences of L${mask === null ? "" : " with this mask"}: ` +
        (gradientError === undefined
          ? "not possible, since L is not finite near x"
          : `relative difference ${gradientError.toExponential(0)}`),
    ].join("\n"),
  ];
}

function element({ x, mask, y, dy, dx }: Pass, formula: Formula, i: number, paint: Paint): string {
  const bit = mask?.[i] ?? 1;
  /** `name = formula = numbers = result`; a part that says nothing new is left out. */
  const equation = (name: string, symbol: string, value: number, result: number) =>
    [...new Set([name, formula.symbols(symbol, `mask[${i}]`), formula.numbers(short(value), bit), short(result)])].join(
      " = ",
    );
  return [
    `Element ${i}`,
    `  x[${i}] = ${short(x[i]!)}`,
    ...(mask === null ? [] : [`  mask[${i}] = ${bit}`]),
    `  ${equation(`y[${i}]`, `x[${i}]`, x[i]!, y[i]!)}`,
    `  ∂L/∂y[${i}] = ${short(dy[i]!)}`,
    `  ${equation(`∂L/∂x[${i}]`, `∂L/∂y[${i}]`, dy[i]!, dx[i]!)}`,
    bit === 1
      ? `  → ${paint.green(formula.kept)}`
      : `  → ${paint.red("dropped: output 0, and gradient 0 for this sample")}`,
  ].join("\n");
}
