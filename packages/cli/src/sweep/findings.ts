// What a sweep found, in whole sentences. Knows no terminal and no page.

import { type Choice, inUnit, type SweepConfig, type SweepResult } from "@hadamask/experiments/settings";
import { counted } from "../output/number.js";
import { targetOf } from "./scores.js";
import { chosenText } from "./values.js";

export function describeSweep(result: SweepResult): string[] {
  return [...describeChoices(result), ...describeFailures(result)];
}

function describeChoices(result: SweepResult): string[] {
  const { choices, configs, swept, validation } = result;
  if (validation === 0) return ["No rows were held back for validation, so nothing is chosen; --validation 0.2 does."];
  const isOneTask = new Set(choices.map(({ data, trainRows }) => `${data} ${trainRows}`)).size === 1;
  return choices.map((choice) => {
    const config = configs[choice.config]!;
    const where = isOneTask ? "" : `${choice.trainRows} rows of ${choice.data}: `;
    const settings = chosenText(config, swept);
    const which = choice.of === 1 ? "" : `, best of ${choice.of} by validation${settings && ` with ${settings}`}`;
    return `${where}${choice.kind}${which}: ${scoresText(result, config)}${againstText(choice)}.`;
  });
}

/** "test error 3.10 %, NLL 0.123"; of values "test RMSE 21.3, 93.1 % in their 95 % intervals, NLL 4.512". */
function scoresText(result: SweepResult, config: SweepConfig): string {
  const nll = `NLL ${config.nll.mean.toFixed(3)}`;
  const { testError, coverage } = config;
  if (coverage === undefined) return `test error ${(100 * testError.mean).toFixed(2)} %, ${nll}`;
  const rmse = inUnit(targetOf(result, config)!.deviation)(testError.mean);
  return `test RMSE ${rmse}, ${(100 * coverage.mean).toFixed(1)} % in their 95 % intervals, ${nll}`;
}

function againstText({ against }: Choice): string {
  if (against === undefined) return "";
  const { mean, ci95, p } = against.nll;
  const signed = (value: number): string => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
  const interval = ci95 === undefined ? "" : ` (95 %: ${signed(ci95[0])} to ${signed(ci95[1])})`;
  const chance = p !== undefined && p < LEVEL ? "" : ", which may be chance";
  return `, NLL ${signed(mean)} against ${against.kind}${interval}${chance}`;
}

/** Differences that are claimed, corrected for the number of kinds on a task. */
const LEVEL = 0.05;

function describeFailures({ failures }: SweepResult): string[] {
  if (failures.length === 0) return [];
  const count = counted(failures.length, "run");
  return [
    `${count} could not be used; the configurations of these have no numbers. --resume trains again what is missing.`,
  ];
}
