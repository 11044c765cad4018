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
    title: { en: "Why drop units?", zh: "为什么要丢弃单元？" },
    question: {
      en: "What does a network gain when half of it is missing?",
      zh: "网络少了一半，反而得到什么？",
    },
  },
  {
    name: "one-pass",
    title: { en: "One pass", zh: "一次前向与反向" },
    question: {
      en: "What happens to ten numbers on their way through dropout, and back?",
      zh: "十个数经过暂退法再返回，途中发生了什么？",
    },
  },
  {
    name: "scaling",
    title: { en: "Why divide by keep?", zh: "为什么要除以保留概率？" },
    question: { en: "What makes training and prediction agree?", zh: "怎样让训练和预测一致？" },
  },
  {
    name: "gradient",
    title: { en: "The gradient", zh: "梯度" },
    question: {
      en: "Which loss does training with dropout descend?",
      zh: "用暂退法训练，下降的是哪个损失？",
    },
  },
  {
    name: "strength",
    title: { en: "How strong is it?", zh: "它有多强？" },
    question: {
      en: "Is dropping 90\u00a0% as gentle as dropping 10\u00a0%?",
      zh: "丢弃 90% 和丢弃 10% 一样温和吗？",
    },
  },
  {
    name: "ridge",
    title: { en: "Dropout is ridge regression", zh: "暂退法就是岭回归" },
    question: {
      en: "What does dropout do to the weights of a linear model?",
      zh: "暂退法对线性模型的权重做了什么？",
    },
  },
  {
    name: "crowd",
    title: { en: "A crowd of networks", zh: "一群网络" },
    question: {
      en: "In what sense is one network the average of thousands?",
      zh: "说一个网络是成千上万个网络的平均，是在什么意义上？",
    },
  },
  {
    name: "gallery",
    title: { en: "Other masks", zh: "其他掩码" },
    question: {
      en: "What else can be dropped together, and what for?",
      zh: "还有哪些东西可以一起丢弃，为了什么？",
    },
  },
  {
    name: "placement",
    title: { en: "Where to put it", zh: "放在哪里" },
    question: { en: "Which places help, and which do harm?", zh: "放在哪里有用，放在哪里有害？" },
  },
  {
    name: "doubt",
    title: { en: "How sure is the network?", zh: "网络有多大把握？" },
    question: {
      en: "What does it mean when stochastic passes disagree?",
      zh: "多次随机前向的结果不一致，说明什么？",
    },
  },
];

export const chapterLink = ({ name }: Chapter, language: Language): string =>
  `${language === "en" ? "" : `/${language}`}/learn/${name}`;
