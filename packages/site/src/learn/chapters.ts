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
    name: "one-pass",
    title: { en: "One pass" },
    question: { en: "What happens to ten numbers on their way through dropout, and back?" },
  },
];

export const chapterLink = ({ name }: Chapter, language: Language): string =>
  `${language === "en" ? "" : `/${language}`}/learn/${name}`;
