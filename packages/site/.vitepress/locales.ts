// Navigation and the words around pages, by language. A language is one entry here, a folder of pages, and the words
// beside each figure.

import type { DefaultTheme, LocaleConfig } from "vitepress";
import { LAB_PAGES, labLink } from "../src/lab/pages.js";
import { CHAPTERS, chapterLink } from "../src/learn/chapters.js";
import { inLanguage, type Language } from "../src/state/words.js";
import { documentsOf, type Part, titleOf } from "./docs-pages.js";
import { referenceSidebars } from "./reference.js";

const documentItems = (part: Part): DefaultTheme.SidebarItem[] =>
  documentsOf(part).map((name) => ({ text: titleOf(name), link: `/${part}/${name}` }));

const chapterItems = (language: Language): DefaultTheme.SidebarItem[] =>
  CHAPTERS.map((chapter, i) => ({
    text: `${i + 1}. ${inLanguage(chapter.title, language)}`,
    link: chapterLink(chapter, language),
  }));

const labItems = (language: Language): DefaultTheme.SidebarItem[] =>
  LAB_PAGES.map((page) => ({ text: inLanguage(page.title, language), link: labLink(page, language) }));

export const locales: LocaleConfig<DefaultTheme.Config> = {
  root: {
    label: "English",
    lang: "en",
    themeConfig: {
      nav: [
        { text: "Learn", link: "/learn/", activeMatch: "^/learn/" },
        { text: "Lab", link: "/lab/", activeMatch: "^/lab/" },
        { text: "Guide", link: "/guide/", activeMatch: "^/guide/" },
        { text: "Reference", link: "/reference/", activeMatch: "^/reference/" },
        { text: "Numbers", link: "/numbers/", activeMatch: "^/numbers/" },
        { text: "Errata", link: "/errata/", activeMatch: "^/errata/" },
      ],
      sidebar: {
        "/learn/": [{ text: "Learn", link: "/learn/", items: chapterItems("en") }],
        "/lab/": [{ text: "Lab", items: labItems("en") }],
        "/guide/": [{ text: "Guide", items: [{ text: "Start", link: "/guide/" }, ...documentItems("guide")] }],
        "/numbers/": [{ text: "Numbers", items: [{ text: "All", link: "/numbers/" }, ...documentItems("numbers")] }],
        ...referenceSidebars(),
      },
      outline: { level: [2, 2], label: "On this page" },
    },
  },
  zh: {
    label: "简体中文",
    lang: "zh-CN",
    link: "/zh/",
    title: "hadamask",
    description: "完整的暂退法（dropout）：每一种变体，精确的梯度，完全由密钥决定的掩码。",
    themeConfig: {
      nav: [
        { text: "学习", link: "/zh/learn/", activeMatch: "^/zh/learn/" },
        { text: "实验室", link: "/zh/lab/", activeMatch: "^/zh/lab/" },
        { text: "指南", link: "/zh/guide/", activeMatch: "^/zh/guide/" },
        { text: "参考（英文）", link: "/reference/" },
        { text: "数据（英文）", link: "/numbers/" },
        { text: "勘误（英文）", link: "/errata/" },
      ],
      sidebar: {
        "/zh/learn/": [{ text: "学习", link: "/zh/learn/", items: chapterItems("zh") }],
        "/zh/lab/": [{ text: "实验室", items: labItems("zh") }],
        "/zh/guide/": [
          {
            text: "指南",
            items: [
              { text: "开始", link: "/zh/guide/" },
              { text: "其余各页（英文）", link: "/guide/" },
            ],
          },
        ],
      },
      outline: { level: [2, 2], label: "本页内容" },
      docFooter: { prev: "上一页", next: "下一页" },
      darkModeSwitchLabel: "外观",
      lightModeSwitchTitle: "切换到浅色",
      darkModeSwitchTitle: "切换到深色",
      sidebarMenuLabel: "目录",
      returnToTopLabel: "回到顶部",
      langMenuLabel: "切换语言",
      skipToContentLabel: "跳到正文",
      notFound: { title: "找不到页面", quote: "这个地址下没有页面。", linkLabel: "回到首页", linkText: "回到首页" },
    },
  },
};

/** The words of the search box in languages other than English. */
export const searchTranslations: NonNullable<DefaultTheme.LocalSearchOptions["locales"]> = {
  zh: {
    translations: {
      button: { buttonText: "搜索", buttonAriaLabel: "搜索" },
      modal: {
        displayDetails: "显示详细内容",
        resetButtonTitle: "清空",
        backButtonTitle: "返回",
        noResultsText: "没有找到",
        footer: {
          selectText: "打开",
          selectKeyAriaLabel: "回车",
          navigateText: "移动",
          navigateUpKeyAriaLabel: "上箭头",
          navigateDownKeyAriaLabel: "下箭头",
          closeText: "关闭",
          closeKeyAriaLabel: "Esc",
        },
      },
    },
  },
};
