// Every figure, where it is, and a state to look at it in. A figure is its model, so that a test needs no picture.

import type { Presented } from "../../src/figure/table.js";
import * as crowd from "../../src/figures/crowd/model.js";
import { WORDS as crowdWords } from "../../src/figures/crowd/words.js";
import * as doubt from "../../src/figures/doubt/model.js";
import { WORDS as doubtWords } from "../../src/figures/doubt/words.js";
import * as gallery from "../../src/figures/gallery/model.js";
import { WORDS as galleryWords } from "../../src/figures/gallery/words.js";
import * as gradient from "../../src/figures/gradient/model.js";
import { WORDS as gradientWords } from "../../src/figures/gradient/words.js";
import * as maskField from "../../src/figures/mask-field/model.js";
import { WORDS as maskFieldWords } from "../../src/figures/mask-field/words.js";
import * as onePass from "../../src/figures/one-pass/model.js";
import { WORDS as onePassWords } from "../../src/figures/one-pass/words.js";
import * as placement from "../../src/figures/placement/model.js";
import { WORDS as placementWords } from "../../src/figures/placement/words.js";
import * as ridge from "../../src/figures/ridge/model.js";
import { WORDS as ridgeWords } from "../../src/figures/ridge/words.js";
import * as scaling from "../../src/figures/scaling/model.js";
import { WORDS as scalingWords } from "../../src/figures/scaling/words.js";
import * as strength from "../../src/figures/strength/model.js";
import { WORDS as strengthWords } from "../../src/figures/strength/words.js";
import * as whyDrop from "../../src/figures/why-drop/model.js";
import { WORDS as whyDropWords } from "../../src/figures/why-drop/words.js";
import * as masks from "../../src/lab/masks/model.js";
import { WORDS as masksWords } from "../../src/lab/masks/words.js";
import { type Fields, type StateOf, startState, writeState } from "../../src/state/fields.js";
import { inLanguage, type Words } from "../../src/state/words.js";

export interface FigureRow {
  readonly path: string;
  /** The figure's id on that page. */
  readonly id: string;
  /** The query of the state to look at. */
  readonly query: string;
  /** What it has to say there, and at its start. */
  readonly expected: Presented;
  readonly atStart: Presented;
}

type Language = "en" | "zh";

interface Model<F extends Fields, W> {
  readonly FIELDS: F;
  present(state: StateOf<F>, words: W): Presented;
}

function row<F extends Fields, W>(
  path: string,
  id: string,
  { FIELDS, present }: Model<F, W>,
  words: Words<W>,
  changes: Partial<StateOf<F>>,
): (language: Language) => FigureRow {
  const start = startState(FIELDS);
  const state = { ...start, ...changes };
  return (language) => ({
    path: language === "en" ? path : `/${language}${path}`,
    id,
    query: writeState(id, FIELDS, state, ""),
    expected: present(state, inLanguage(words, language)),
    atStart: present(start, inLanguage(words, language)),
  });
}

const FIGURES: readonly ((language: Language) => FigureRow)[] = [
  row("/", "mask", maskField, maskFieldWords, { rate: 0.3, seed: 7 }),
  row("/learn/one-pass.html", "pass", onePass, onePassWords, {
    rate: 0.25,
    seed: 11,
    scaling: "classic",
    mode: "sample",
    pass: 3,
    flips: [2],
  }),
  row("/learn/why-drop.html", "overfit", whyDrop, whyDropWords, { steps: 12, units: 12, points: 40, rate: 0.4 }),
  row("/learn/scaling.html", "scale", scaling, scalingWords, { rule: "twice", n: 5, rate: 0.4, samples: 20 }),
  row("/learn/gradient.html", "slope", gradient, gradientWords, { x: -1.25, rate: 0.7 }),
  row("/learn/strength.html", "strength", strength, strengthWords, { rate: 0.8, rows: 30, noise: 1 }),
  row("/learn/ridge.html", "ridge", ridge, ridgeWords, { rate: 0.75, factor: 4, standardised: true }),
  row("/learn/crowd.html", "crowd", crowd, crowdWords, { rate: 0.3, depth: "two", x: -1 }),
  row("/learn/gallery.html", "gallery", gallery, galleryWords, { group: "noise", rate: 0.5, seed: 8 }),
  row("/learn/placement.html", "placement", placement, placementWords, {
    network: [
      { letter: "a", percent: 30 },
      { letter: "g", percent: 50 },
      { letter: "d", percent: 0 },
    ],
  }),
  row("/lab/masks.html", "masks", masks, masksWords, {
    stream: "torch",
    rate: 0.3,
    rows: 9,
    second: "rate",
    otherRate: 0.6,
  }),
  row("/learn/doubt.html", "doubt", doubt, doubtWords, { steps: 20, passes: 10, place: 1, view: "passes" }),
];

/** The figures by language, in one order. */
export const FIGURES_IN: Readonly<Record<Language, readonly FigureRow[]>> = {
  en: FIGURES.map((figure) => figure("en")),
  zh: FIGURES.map((figure) => figure("zh")),
};
