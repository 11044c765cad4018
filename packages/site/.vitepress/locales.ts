// Navigation and the words around pages, by language. A language is one entry here, a folder of pages, and the words
// beside each figure.

import type { DefaultTheme, LocaleConfig } from "vitepress";
import { CHAPTERS, chapterLink } from "../src/learn/chapters.js";

export const locales: LocaleConfig<DefaultTheme.Config> = {
  root: {
    label: "English",
    lang: "en",
    themeConfig: {
      nav: [{ text: "Learn", link: "/learn/", activeMatch: "^/learn/" }],
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
      },
      outline: { level: [2, 2], label: "On this page" },
    },
  },
};

/** The words of the search box in languages other than English. */
export const searchTranslations: Record<string, never> = {};
