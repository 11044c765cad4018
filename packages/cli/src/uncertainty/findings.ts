// What came of it, in sentences: the terminal and the report print the same ones.

import { riskWhenRefusing } from "hadamask/uncertainty";
import type { ClassJudgement, StrangeRows, UncertaintyResult, ValueJudgement } from "./request.js";
import { settingText } from "./setting.js";

export function findingsOf(result: Omit<UncertaintyResult, "findings">): string[] {
  const { choice, classes, values, strange } = result;
  return [
    ...(choice ? [chosen(choice)] : []),
    ...(classes ? [classes.sentence, ...calibration(classes), refusal(classes)] : []),
    ...(values
      ? [regression(values, result.prediction.kind === "values" && result.prediction.total !== undefined)]
      : []),
    ...strange.map(detection),
    precision(result),
  ];
}

const percent = (share: number): string => `${Number((100 * share).toFixed(2))} %`;
const digits = (value: number): string => String(Number(value.toPrecision(3)));

const chosen = ({ best, trials }: NonNullable<UncertaintyResult["choice"]>): string =>
  `Of ${trials.length} settings tried on half of the rows, ${settingText(best.candidate)} has the lowest ` +
  `negative log-likelihood, ${digits(best.nll)}; what follows is from the other half.`;

function calibration({ plain, monteCarlo }: ClassJudgement): string[] {
  const [before, after] = [plain.ece.value, monteCarlo.ece.value];
  return [`The calibration error is ${percent(after)} with it and ${percent(before)} without.`];
}

/** The least certain tenth. */
const REFUSED = 0.1;

function refusal({ rows, byEntropy, byConfidence }: ClassJudgement): string {
  const refused = Math.floor(REFUSED * rows);
  const all = percent(1 - byEntropy.random);
  const rest = percent(1 - riskWhenRefusing(byEntropy, REFUSED));
  const plain = percent(1 - riskWhenRefusing(byConfidence, REFUSED));
  return (
    `Accuracy is ${all} on all ${rows} rows, and ${rest} when the least certain tenth (${refused} rows, by predictive entropy) is refused; ` +
    `without dropout, by confidence, that gives ${plain}.`
  );
}

const regression = ({ rows, plainError, error, coverage }: ValueJudgement, hasNoise: boolean): string =>
  `The root mean square error is ${digits(error)} with it and ${digits(plainError)} without, on ${rows} rows; ` +
  `${percent(coverage)} of the right values lie within 1.96 standard deviations` +
  (hasNoise ? "." : " of the passes, which know nothing of noise in the data: expect less than 95 %.");

function detection({ name, rows, mutualInformation, predictiveEntropy }: StrangeRows): string {
  const { auroc, standardError } = mutualInformation;
  const isFooled = auroc < 0.5 - 2 * standardError;
  return (
    `Mutual information tells ${rows} ${name} rows from the real ones with AUROC ${withError(mutualInformation)}, predictive entropy with ` +
    `${withError(predictiveEntropy)}${isFooled ? ": the model is surer of them than of the real ones" : ""}.`
  );
}

const withError = ({ auroc, standardError }: StrangeRows["mutualInformation"]): string =>
  `${auroc.toFixed(3)} ± ${standardError.toFixed(3)}`;

function precision({ prediction, totals }: Omit<UncertaintyResult, "findings">): string {
  const { least, most } = totals.samples;
  const passes = most === least ? `${most} passes` : `${least} to ${most} passes`;
  const what = prediction.kind === "classes" ? "probability" : "mean";
  return `After ${passes} no ${what} has a standard error above ${digits(totals.worstError)}.`;
}
