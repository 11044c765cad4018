// Exercises that check themselves: what is asked for, and whether an answer is right. Knows no words and no page.

/** A number is to be computed. */
export interface NumberTask {
  readonly kind: "number";
  readonly answer: number;
  /** How far an answer may be from it: what rounding to the digits asked for takes away. */
  readonly tolerance: number;
}

/** One of a few statements is to be chosen. */
export interface ChoiceTask {
  readonly kind: "choice";
  readonly answer: string;
  readonly choices: readonly string[];
}

/** A figure is to be brought into a state. */
export interface ReachTask<S = never> {
  readonly kind: "reach";
  /** The figure's id on the page. */
  readonly figure: string;
  holds(state: S): boolean;
}

export type Task = NumberTask | ChoiceTask | ReachTask;

export const numberTask = (answer: number, tolerance: number): NumberTask => ({ kind: "number", answer, tolerance });

export const choiceTask = (answer: string, ...others: readonly string[]): ChoiceTask => ({
  kind: "choice",
  answer,
  choices: [answer, ...others],
});

export const reachTask = <S>(figure: string, holds: (state: S) => boolean): ReachTask<S> => ({
  kind: "reach",
  figure,
  holds,
});

/** The number that a text says: "0.75", "0,75", "3/4", "75 %"; NaN if it says none. */
export function numberIn(text: string): number {
  const match = /^([+\-−]?[\d.]+(?:e[+-]?\d+)?)(?:\s*\/\s*([\d.]+))?\s*(%?)$/i.exec(text.trim().replace(",", "."));
  if (match === null) return Number.NaN;
  const [, top, bottom = "1", percent] = match;
  return Number(top!.replace("−", "-")) / Number(bottom) / (percent === "%" ? 100 : 1);
}

/** Whether `given` (a text, a choice, or the state of the figure) is right. */
export function isRight(task: Task, given: unknown): boolean {
  if (task.kind === "choice") return given === task.answer;
  if (task.kind === "number") return Math.abs(numberIn(String(given)) - task.answer) <= task.tolerance;
  return given !== undefined && (task.holds as (state: unknown) => boolean)(given);
}
