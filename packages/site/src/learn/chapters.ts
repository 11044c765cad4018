// The chapters of the course, in their order: the sidebar, the page of contents and the tests are made from this list.

import type { Language, Words } from "../state/words.js";

export interface Chapter {
  /** The name of its page, /learn/NAME, in every language. */
  readonly name: string;
  readonly title: Words<string>;
  /** The one question that it answers. */
  readonly question: Words<string>;
}

export const CHAPTERS: readonly Chapter[] = [
  {
    name: "why-drop",
    title: { en: "Why drop units?" },
    question: { en: "What does a network gain when half of it is missing?" },
  },
  {
    name: "one-pass",
    title: { en: "One pass" },
    question: { en: "What happens to ten numbers on their way through dropout, and back?" },
  },
  {
    name: "scaling",
    title: { en: "Why divide by keep?" },
    question: { en: "What makes training and prediction agree?" },
  },
  {
    name: "gradient",
    title: { en: "The gradient" },
    question: { en: "Which loss does training with dropout descend?" },
  },
  {
    name: "strength",
    title: { en: "How strong is it?" },
    question: { en: "Is dropping 90\u00a0% as gentle as dropping 10\u00a0%?" },
  },
  {
    name: "ridge",
    title: { en: "Dropout is ridge regression" },
    question: { en: "What does dropout do to the weights of a linear model?" },
  },
  {
    name: "crowd",
    title: { en: "A crowd of networks" },
    question: { en: "In what sense is one network the average of thousands?" },
  },
  {
    name: "gallery",
    title: { en: "Other masks" },
    question: { en: "What else can be dropped together, and what for?" },
  },
  {
    name: "placement",
    title: { en: "Where to put it" },
    question: { en: "Which places help, and which do harm?" },
  },
  {
    name: "doubt",
    title: { en: "How sure is the network?" },
    question: { en: "What does it mean when stochastic passes disagree?" },
  },
];

export const chapterLink = ({ name }: Chapter, language: Language): string =>
  `${language === "en" ? "" : `/${language}`}/learn/${name}`;
