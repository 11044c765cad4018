// Navigation and the words around pages, by language. A language is one entry here, a folder of pages, and the words
// beside each figure.

import type { DefaultTheme, LocaleConfig } from "vitepress";
import { CHAPTERS, chapterLink } from "../src/learn/chapters.js";
import { documentsOf, type Part, titleOf } from "./docs-pages.js";

const documentItems = (part: Part): DefaultTheme.SidebarItem[] =>
  documentsOf(part).map((name) => ({ text: titleOf(name), link: `/${part}/${name}` }));

export const locales: LocaleConfig<DefaultTheme.Config> = {
  root: {
    label: "English",
    lang: "en",
    themeConfig: {
      nav: [
        { text: "Learn", link: "/learn/", activeMatch: "^/learn/" },
        { text: "Guide", link: "/guide/", activeMatch: "^/guide/" },
        { text: "Numbers", link: "/numbers/", activeMatch: "^/numbers/" },
        { text: "Errata", link: "/errata/", activeMatch: "^/errata/" },
      ],
      sidebar: {
        "/learn/": [
          {
            text: "Learn",
            link: "/learn/",
            items: CHAPTERS.map((chapter, i) => ({
              text: `${i + 1}. ${chapter.title.en}`,
              link: chapterLink(chapter, "en"),
            })),
          },
        ],
        "/guide/": [{ text: "Guide", items: [{ text: "Start", link: "/guide/" }, ...documentItems("guide")] }],
        "/numbers/": [{ text: "Numbers", items: [{ text: "All", link: "/numbers/" }, ...documentItems("numbers")] }],
      },
      outline: { level: [2, 2], label: "On this page" },
    },
  },
};

/** The words of the search box in languages other than English. */
export const searchTranslations: Record<string, never> = {};
