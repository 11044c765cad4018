// The rules of lint, one function each: what each looks for, and the numbers that it warns with.

import { alphaAffine } from "../noise/alpha.js";
import { recurrentChain } from "../theory/recurrent.js";
import { carry, isLinear, isPassedThrough } from "./carried.js";
import { type CheckedItem, isBatchNorm } from "./network.js";
import { sharedCorrelation } from "./shared-draws.js";

/** One thing that lint found. */
export interface Finding {
  /** The rule, by name. */
  readonly rule: string;
  /** "error": it does not do what it says. "warning": it does harm in most cases. */
  readonly severity: "error" | "warning";
  /** The items that it is about, by their places in the network. */
  readonly at: readonly number[];
  readonly message: string;
  /** The numbers in the message. */
  readonly numbers: Readonly<Record<string, number>>;
}

/** How the network is trained, where a rule depends on it. */
export interface Training {
  /** What it learns. */
  readonly task?: "language-model";
  /** How often each row of the data is seen; below 1 where not all are. */
  readonly epochs?: number;
}

export type Rule = (network: readonly CheckedItem[], training: Training) => Finding[];

/** A number as messages show it. */
const shown = (value: number): string => String(Number(value.toPrecision(4)));

const named = (item: CheckedItem): string => `${item.label} (${item.at})`;

/** Above this share of dropped inputs more is lost than noise can give back. */
const HIGHEST_INPUT_RATE = 0.2;

/**
 * Dropping much of the input. @see Srivastava et al., JMLR 15 (2014), appendix A.4: inputs are kept with probability
 * 0.8.
 */
const inputRate: Rule = (network) => {
  const [first] = network;
  const items = network.some((item) => item.isInput) ? network.filter((item) => item.isInput) : first ? [first] : [];
  return items
    .filter((item) => item.dropped !== undefined && 1 - item.dropped > HIGHEST_INPUT_RATE + 1e-12)
    .map((item) => {
      const rate = 1 - item.dropped!;
      const kept = `of two inputs that belong together both are seen ${shown(100 * item.dropped! ** 2)} % of the time`;
      return {
        rule: "input-rate",
        severity: "warning",
        at: [item.at],
        message: `${named(item)} drops ${shown(100 * rate)} % of the input; ${kept}; use at most ${HIGHEST_INPUT_RATE}`,
        numbers: { rate, bothKept: item.dropped! ** 2, limit: HIGHEST_INPUT_RATE },
      };
    });
};

/** Dropout whose noise a batch normalisation takes for variance of the data. */
const dropoutBeforeBatchNorm: Rule = (network) =>
  network.flatMap((item) => {
    if (item.dropped === undefined || item.dropped === 1 || item.dropped === 0) return [];
    const behind = network.slice(item.at + 1);
    const stop = behind.findIndex(({ layer }) => !isPassedThrough(layer) && !isLinear(layer));
    const norm = behind[stop];
    if (norm === undefined || !isBatchNorm(norm)) return [];
    const between = behind.slice(0, stop).filter(({ layer }) => !/^(identity|flatten|reshape)$/i.test(layer));
    const features = item.features ?? { mean: 0, variance: 1 };
    const layers = between.map(({ layer }) => layer);
    const shift = carry(features, { keep: item.dropped, scaling: item.scaling ?? "inverted" }, layers);
    const ratio = shift.eval / shift.train;
    const deviation = Math.sqrt(ratio);
    const through = between.length === 0 ? "" : `, through ${between.map(({ label }) => label).join(", ")},`;
    const assumed = layers.some(isLinear) ? " and weights of mean 0" : "";
    const what =
      `in training it measures variance ${shown(shift.train)}, at prediction it is given ` + `${shown(shift.eval)}`;
    return [
      {
        rule: "dropout-before-batch-norm",
        severity: "warning",
        at: [item.at, norm.at],
        message:
          `${named(item)} stands before ${named(norm)}: for features of mean ${shown(features.mean)} and variance ` +
          `${shown(features.variance)}${assumed}${through} ${what} (ratio ${shown(ratio)}), so its output has ` +
          `standard ` +
          `deviation ${shown(deviation)} instead of 1; put dropout behind the last batch normalisation`,
        numbers: { trainVariance: shift.train, evalVariance: shift.eval, ratio, outputDeviation: deviation },
      },
    ];
  });

/**
 * Masks that are one for the whole sequence on a path that is walked at every step. Whatever the scaling, training and
 * prediction differ by the factor keep^(1 - T): inverted keep^(1 - T) against 1, classic keep against keep^T.
 */
const tiedRecurrentMasks: Rule = (network) =>
  network.flatMap((item) => {
    const place = item.dropout?.recurrent ?? item.dropout?.cell;
    if (place?.per !== "sequence") return [];
    const keep = place.keep ?? 1 - place.rate!;
    if (keep === 1 || keep === 0) return [];
    const time = item.time ?? 10;
    const scaling = item.scaling ?? "inverted";
    const { mean } = recurrentChain(time, "tied", { keep, scaling });
    const prediction = scaling === "inverted" ? 1 : keep ** time;
    return [
      {
        rule: "tied-recurrent-masks",
        severity: "warning",
        at: [item.at],
        message:
          `${named(item)} ties a mask (keep ${shown(keep)}, scaling "${scaling}") on the recurrent path: on a linear ` +
          `path over T = ${time} steps the mean is ${shown(mean)} in training and ${shown(prediction)} at ` +
          `prediction; ` +
          'average passes of mode "sample" (Monte-Carlo), or predict with no mask on that path and multiply by keep ' +
          "once, or take new masks each step, or dropout of the update",
        numbers: { keep, time, mean, prediction, factor: mean / prediction },
      },
    ];
  });

/** Two conventions in one network: each is right alone, but code that knows one will scale the other wrongly. */
const mixedScaling: Rule = (network) => {
  const classic = network.filter((item) => item.scaling === "classic" && item.dropped !== undefined);
  const inverted = network.filter((item) => item.scaling === "inverted" && item.dropped !== undefined);
  if (classic.length === 0 || inverted.length === 0) return [];
  const factor = classic.reduce((product, item) => product * item.dropped!, 1);
  const list = (items: readonly CheckedItem[]): string => items.map(named).join(", ");
  return [
    {
      rule: "mixed-scaling",
      severity: "warning",
      at: [...classic, ...inverted].map((item) => item.at).sort((a, b) => a - b),
      message:
        `${list(classic)} scale at prediction ("classic") and ${list(inverted)} in training ("inverted"); ` +
        `exported to a runtime ` +
        `that leaves dropout out, the activations come out ${shown(1 / factor)} times too large; choose one`,
      numbers: { factor: 1 / factor },
    },
  ];
};

/** Rates that drop nothing or everything. */
const endsOfTheRange: Rule = (network) =>
  network
    .filter((item) => item.dropped === 0 || item.dropped === 1)
    .map((item) => {
      const all = item.dropped === 0;
      const effect = all ? "drops everything: what follows sees only zeros" : "drops nothing: leave it out";
      return {
        rule: "rate-0-or-1",
        severity: all ? "error" : "warning",
        at: [item.at],
        message: `${named(item)} has rate ${all ? 1 : 0} and ${effect}`,
        numbers: { rate: all ? 1 : 0 },
      };
    });

/** One key for two layers: their masks are one, or nested if their rates differ, or otherwise correlated. */
const sharedKeys: Rule = (network) => {
  const byKey = new Map<string, CheckedItem[]>();
  for (const item of network) {
    if (item.key !== undefined) byKey.set(item.key.join(), [...(byKey.get(item.key.join()) ?? []), item]);
  }
  return [...byKey.values()].filter((items) => items.length > 1).map(sharedKey);
};

function sharedKey(items: readonly CheckedItem[]): Finding {
  const pairs = items.flatMap((one, i) => items.slice(i + 1).map((other) => sharedCorrelation(one, other)));
  const correlation = pairs.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most));
  const names = items.map(named).join(" and ");
  const isApart = correlation === 0;
  const what = isApart
    ? "they are made of different random words, so nothing is shared today"
    : `at every step element i of each is decided by the same number (correlation ${shown(correlation)})`;
  return {
    rule: "shared-key",
    severity: isApart ? "warning" : "error",
    at: items.map((item) => item.at),
    message: `${names} have one key, ${isApart ? "but" : "so"} ${what}; derive a key for each with split or foldIn`,
    numbers: { correlation },
  };
}

/**
 * What follows alpha dropout has mean 0 and variance 1 only if what comes before has: SELU units, from normalised
 * inputs.
 */
const alphaWithoutSelu: Rule = (network) =>
  network.flatMap((item) => {
    if (!/alpha_?dropout$/i.test(item.layer) || item.dropped === undefined || item.dropped === 1) return [];
    const before = network.slice(0, item.at).findLast(({ layer }) => !/^(flatten|reshape|identity)$/i.test(layer));
    const activation = before !== undefined && isPassedThrough(before.layer) ? before : undefined;
    if (activation === undefined || /^(selu|activation)$/i.test(activation.layer)) return [];
    const { gain } = alphaAffine(item.dropped);
    const meanFactor = item.dropped * gain;
    return [
      {
        rule: "alpha-without-selu",
        severity: "warning",
        at: [activation.at, item.at],
        message:
          `${named(item)} follows ${named(activation)}: it keeps mean and variance of inputs of mean 0 and ` +
          `variance 1, which SELU ` +
          `gives; other means are multiplied by ${shown(meanFactor)} in training and by 1 at prediction; use ` +
          `SELU, or Dropout`,
        numbers: { meanFactor },
      },
    ];
  });

/**
 * Dropout in a language model that sees its data once. @see Liu, Bauer and Manning, "Drop dropout on single-epoch
 * language model pretraining", arXiv:2505.24788 (2025): quality was better without, and early dropout was worse too.
 */
const singleEpochLanguageModel: Rule = (network, { task, epochs }) => {
  const items = network.filter(({ dropped }) => dropped !== undefined && dropped < 1);
  if (task !== "language-model" || epochs === undefined || epochs > 1 || items.length === 0) return [];
  return [
    {
      rule: "single-epoch-language-model",
      severity: "warning",
      at: items.map((item) => item.at),
      message:
        `${items.map(named).join(", ")} drop in a language model that sees its data once (epochs ` +
        `${shown(epochs)}): there ` +
        "dropout, early dropout too, made models worse (Liu, Bauer and Manning 2025); leave it out of pretraining",
      numbers: { epochs },
    },
  ];
};

/** All rules, in the order in which their findings are given. */
export const RULES: readonly Rule[] = [
  inputRate,
  dropoutBeforeBatchNorm,
  tiedRecurrentMasks,
  mixedScaling,
  endsOfTheRange,
  sharedKeys,
  alphaWithoutSelu,
  singleEpochLanguageModel,
];
