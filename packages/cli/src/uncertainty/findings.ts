// What came of it, in sentences: the terminal and the report print the same ones.

import { riskWhenRefusing, type Score } from "hadamask/uncertainty";
import { comparisonSentences } from "./comparison-sentences.js";
import { conformalSentences } from "./conformal-sentences.js";
import type {
  ClassJudgement,
  LabelJudgement,
  PositionJudgement,
  QuantileJudgement,
  StrangeRows,
  UncertaintyResult,
  ValueJudgement,
} from "./request.js";
import { NO_DROPOUT } from "./rivals.js";
import { settingText } from "./setting.js";
import { digits, percent, points } from "./words.js";

export function findingsOf(result: Omit<UncertaintyResult, "findings">): string[] {
  const { choice, classes, labelScores, positions, values, quantiles, conformal, strange, warnings } = result;
  const hasNoise = result.prediction.kind === "values" && result.prediction.total !== undefined;
  return [
    ...warnings.map(asSentence),
    ...(choice ? [chosen(choice)] : []),
    ...(classes ? [classes.sentence, ...calibration(classes), refusal(classes)] : []),
    ...(labelScores ? [labels(labelScores)] : []),
    ...(positions ? positionSentences(positions) : []),
    ...(values ? values.values.map((own, v) => regression(values, own, v, hasNoise)) : []),
    ...noiseParts(result.prediction),
    ...(quantiles ? quantileSentences(quantiles) : []),
    ...comparisonSentences(result),
    ...(conformal ? conformalSentences(conformal, result.classNames) : []),
    ...strange.map(detection),
    ...precision(result),
  ];
}

/** A warning of the library begins with the function's name, which nobody called here. */
function asSentence(warning: string): string {
  const text = warning.replace(/^[\w.]+: /, "");
  return text.endsWith(".") ? text : `${text}.`;
}

const chosen = ({ best, trials }: NonNullable<UncertaintyResult["choice"]>): string =>
  `Of ${trials.length} settings tried on half of the rows, ${settingText(best.candidate)} has the lowest ` +
  `negative log-likelihood, ${digits(best.nll)}; what follows is from the other half.`;

function calibration({ plain, monteCarlo }: ClassJudgement): string[] {
  const [before, after] = [plain.ece, monteCarlo.ece];
  return [
    `The calibration error is ${percent(after.value)} with it and ${percent(before.value)} without; a calibrated model ` +
      `stays below ${percent(after.limit)} and ${percent(before.limit)} in 95 % of cases.`,
    `With it the model is ${sureness(monteCarlo.overconfidence)}, without it ${sureness(plain.overconfidence)}.`,
  ];
}

/** Whether confidence is above accuracy, and by how many points. */
function sureness({ value, interval: [low, high] }: Score): string {
  if (low > 0) return `too sure by ${points(value)} points (${points(low)} to ${points(high)})`;
  if (high < 0) return `not sure enough by ${points(-value)} points (${points(-high)} to ${points(-low)})`;
  return `as sure as it is right, within chance (${points(low)} to ${points(high)} points)`;
}

/** The least certain tenth. */
const REFUSED = 0.1;

function refusal({ rows, byEntropy, byConfidence }: ClassJudgement): string {
  const refused = Math.floor(REFUSED * rows);
  const all = percent(1 - byEntropy.random);
  const rest = percent(1 - riskWhenRefusing(byEntropy, REFUSED));
  const plain = percent(1 - riskWhenRefusing(byConfidence, REFUSED));
  return (
    `Accuracy is ${all} on all ${rows} rows, and ${rest} when the least certain tenth (${refused} rows, by ` +
    `predictive entropy) is refused; ` +
    `without dropout, by confidence, that gives ${plain}.`
  );
}

function labels({ rows, labels: all }: LabelJudgement): string {
  const mean = (of: (label: LabelJudgement["labels"][number]) => number): number =>
    all.reduce((sum, label) => sum + of(label), 0) / all.length;
  const better = all.filter(({ plain, monteCarlo }) => monteCarlo.nll.value < plain.nll.value).length;
  return (
    `The mean negative log-likelihood of a label is ${digits(mean(({ monteCarlo }) => monteCarlo.nll.value))} ` +
    `with dropout and ` +
    `${digits(mean(({ plain }) => plain.nll.value))} without, on ${rows} rows; it is lower with dropout for ` +
    `${better} of ${all.length} labels.`
  );
}

function positionSentences(found: PositionJudgement): string[] {
  const { rows, positions, monteCarlo, plain, entropyWhereRight, entropyWhereWrong } = found;
  const sentences = [
    `${percent(monteCarlo.accuracy.value)} of the ${rows * positions} positions of ${rows} rows are right with ` +
      `dropout, ${percent(plain.accuracy.value)} without.`,
    `The negative log-likelihood of a position is ` +
      `${digits(monteCarlo.nll.value)}${over(rows, monteCarlo.nll.interval)} with dropout and ` +
      `${digits(plain.nll.value)}${over(rows, plain.nll.interval)} without; the calibration error is ` +
      `${percent(monteCarlo.ece)} with it and ${percent(plain.ece)} without.`,
  ];
  if (!Number.isFinite(entropyWhereRight) || !Number.isFinite(entropyWhereWrong)) return sentences;
  return [
    ...sentences,
    `The mean predictive entropy is ${digits(entropyWhereWrong)} where the answer is wrong and ` +
      `${digits(entropyWhereRight)} where it is right.`,
  ];
}

/** The interval over rows; nothing where there is one row. */
const over = (rows: number, [low, high]: readonly [number, number]): string =>
  rows < 2 ? "" : ` (${digits(low)} to ${digits(high)})`;

function regression(
  { rows, values }: ValueJudgement,
  { plainError, rmse, nll, coverage }: ValueJudgement["values"][number],
  v: number,
  hasNoise: boolean,
): string {
  const of = values.length === 1 ? "" : ` of value ${v + 1}`;
  const within = (interval: readonly [number, number]): string => `${digits(interval[0])} to ${digits(interval[1])}`;
  const likelihood = Number.isFinite(nll.value)
    ? `; the negative log-likelihood is ${digits(nll.value)} (${within(nll.interval)})`
    : "; the negative log-likelihood is infinite, since passes of some rows do not differ";
  return (
    `The root mean square error${of} is ${digits(rmse.value)} (${within(rmse.interval)}) with it and ` +
    `${digits(plainError)} without, on ${rows} rows; ` +
    `${percent(coverage.value)} (${percent(coverage.interval[0])} to ${percent(coverage.interval[1])}) of the ` +
    `right values lie within 1.96 standard deviations` +
    `${hasNoise ? "" : " of the passes, which know nothing of noise in the data: expect less than 95 %"}${likelihood}.`
  );
}

function quantileSentences({ rows, crossings, plainCrossings, inside }: QuantileJudgement): string[] {
  const crossed =
    crossings.rows === 0
      ? `The quantiles are in order on all ${rows} rows`
      : `The quantiles cross on ${crossings.rows} of ${rows} rows, by at most ${digits(crossings.largest)}: there ` +
        `the model contradicts itself`;
  const plain = plainCrossings.rows === crossings.rows ? "" : ` (without dropout on ${plainCrossings.rows})`;
  if (inside === undefined) return [`${crossed}${plain}.`];
  return [
    `${crossed}${plain}.`,
    `${percent(inside.share)} (${percent(inside.interval[0])} to ${percent(inside.interval[1])}) of the right ` +
      `values lie between the lowest and the highest quantile, which promise ${percent(inside.promised)}.`,
  ];
}

/** How much of the variance is noise that the model predicts, and how much its passes disagree. */
function noiseParts(prediction: UncertaintyResult["prediction"]): string[] {
  if (prediction.kind !== "values" || prediction.total === undefined || prediction.aleatoric === undefined) return [];
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [noise, all] = [mean(prediction.aleatoric), mean(prediction.total)];
  return [
    `Of the variance of ${digits(all)} on average, ${digits(noise)} is noise that the model expects in the data ` +
      `(aleatoric) and ${digits(all - noise)} is what the passes disagree on (epistemic): ` +
      `${percent((all - noise) / all)}.`,
  ];
}

function detection({ name, rows, mutualInformation, predictiveEntropy }: StrangeRows): string {
  const { auroc, standardError } = mutualInformation;
  const isFooled = auroc < 0.5 - 2 * standardError;
  return (
    `Mutual information tells ${rows} ${name} rows from the real ones with AUROC ${withError(mutualInformation)}, ` +
    `predictive entropy with ` +
    `${withError(predictiveEntropy)}${isFooled ? ": the model is surer of them than of the real ones" : ""}.`
  );
}

const withError = ({ auroc, standardError }: StrangeRows["mutualInformation"]): string =>
  `${auroc.toFixed(3)} ± ${standardError.toFixed(3)}`;

/** Maps have no standard errors. */
function precision({ prediction, totals, request }: Omit<UncertaintyResult, "findings">): string[] {
  if (totals.worstError === undefined) return [];
  const { least, most } = totals.samples;
  const isEnsemble = request.where === NO_DROPOUT;
  const passes = isEnsemble ? `${most} models` : most === least ? `${most} passes` : `${least} to ${most} passes`;
  const what = prediction.kind === "values" ? "mean" : "probability";
  return [`After ${passes} no ${what} has a standard error above ${digits(totals.worstError)}.`];
}
