// The doctor's report in words. Knows no page.

import { percent, short } from "../../figure/numbers.js";
import type { Examined } from "./examine.js";
import type { Wording } from "./words.js";

/** One finding, and whether something is wrong. */
export interface Finding {
  readonly text: string;
  readonly isBad: boolean;
}

/** Correlations and streams that are told at most. */
const FEW = 3;

export function findingsOf(name: string, { shape, report, streams }: Examined, words: Wording): readonly Finding[] {
  const { kind, factor, elements, draws, rateInterval, isRateRight, repeats, correlations } = report;
  const fine = (text: string): Finding => ({ text, isBad: false });
  const bad = (text: string): Finding => ({ text, isBad: true });
  const [low, high] = rateInterval.map((end) => percent(end, 4)) as [string, string];
  const rate = words.rateFound(percent(report.rate, 4), low, high);
  const isRepeated = repeats.group > 1 || repeats.period !== undefined;
  return [
    fine(words.kind({ name, shape: shape.join(" × "), kind, factor: factor === undefined ? "" : short(factor) })),
    isRateRight === false ? bad(words.wrongRate(rate)) : fine(isRateRight ? words.rightRate(rate) : rate),
    ...(repeats.sharedAxes.length > 0 ? [bad(words.shared(repeats.sharedAxes.join(", "), draws, elements))] : []),
    ...(repeats.sharedAxes.length === 0 && repeats.group > 1 ? [bad(words.grouped(repeats.group))] : []),
    ...(repeats.sharedAxes.length === 0 && repeats.period !== undefined ? [bad(words.periodic(repeats.period))] : []),
    ...(repeats.sharedAxes.length === 0 && !isRepeated ? [fine(words.noRepeats)] : []),
    ...(isRepeated
      ? []
      : correlations.length === 0
        ? [fine(words.noCorrelation)]
        : correlations.slice(0, FEW).map((c) => bad(words.correlated(short(c.correlation, 3), c.distance)))),
    ...(streams === undefined
      ? [fine(words.notLooked)]
      : streams.length === 0
        ? [fine(words.unknown)]
        : streams
            .slice(0, FEW)
            .map((f) => fine(words.found(f.stream, String(f.seed), f.as ?? "mask", f.call, f.offset)))),
  ];
}
