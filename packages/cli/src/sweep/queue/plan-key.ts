// What Redis is told of a sweep: a sum over all its runs, so that two of one name are told apart, or that it is
// cancelled.

/** Takes the place of a plan for an hour, so that whoever collects its runs hears of it. */
export const CANCELLED = "cancelled";
export const CANCELLED_S = 3600;

export interface PlanInfo {
  readonly sum: string;
  readonly total: number;
  readonly command: string;
}

export function readPlan(text: string | null): PlanInfo | typeof CANCELLED | undefined {
  if (text === null) return undefined;
  return text === CANCELLED ? CANCELLED : (JSON.parse(text) as PlanInfo);
}

/** The sum of a plan; undefined where there is none. */
export function planSum(text: string | null): string | undefined {
  const plan = readPlan(text);
  return plan === undefined || plan === CANCELLED ? plan : plan.sum;
}
