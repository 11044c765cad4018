// The parts of the lab, in the order of the sidebar.

import type { Language, Words } from "../state/words.js";

export interface LabPage {
  /** Its file; "index" is the lab's first page. */
  readonly name: string;
  readonly title: Words<string>;
}

export const LAB_PAGES: readonly LabPage[] = [
  { name: "index", title: { en: "Train", zh: "训练" } },
  { name: "draw", title: { en: "Draw a digit", zh: "手写数字" } },
  { name: "race", title: { en: "Race", zh: "测速" } },
  { name: "masks", title: { en: "Masks", zh: "掩码" } },
];

export const labLink = ({ name }: LabPage, language: Language): string =>
  `${language === "en" ? "" : `/${language}`}/lab/${name === "index" ? "" : name}`;
