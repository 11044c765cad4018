// What tables and charts of numbers say.

import type { Words } from "../state/words.js";

export const TABLE_WORDS: Words<{ filter: string; count: (shown: number, all: number) => string }> = {
  en: { filter: "Filter", count: (shown, all) => (shown === all ? `${all} rows` : `${shown} of ${all} rows`) },
};

const numbers = {
  speed: "Nanoseconds an element, medians, 4M elements",
  what: "what",
  rate: (rate: number) => `rate ${rate}`,
  curve: "Nanoseconds an element against the number of elements, rate 0.5",
  elements: "elements",
  ns: "ns an element",
  results: "Results",
  experiment: "saved in",
  data: "data",
  model: "model",
  variant: "variant",
  testError: "test error",
  interval: "95 % interval",
  nll: "NLL",
  ece: "calibration error",
  values: "Results of regressions",
  rmse: "test RMSE",
  coverage: "in 95 % intervals",
  seeds: "seeds",
  features: "Capabilities",
  area: "area",
  capability: "capability",
  ours: "hadamask",
  compare: "compared with",
  howMany: (n: number) => `of ${n} references`,
  remark: "remark",
  has: { yes: "● yes", partly: "◐ partly", no: "○ no", "-": "· does not apply" },
};

export const NUMBERS_WORDS: Words<typeof numbers> = { en: numbers };
