// What chapters say around their texts.

import type { Words } from "../state/words.js";

export const EXERCISE_WORDS: Words<{ check: string; right: string; wrong: string; watching: string }> = {
  en: {
    check: "Check",
    right: "Right.",
    wrong: "Not yet.",
    watching: "Do it in the figure above; this box notices.",
  },
  zh: {
    check: "检查",
    right: "正确。",
    wrong: "还不对。",
    watching: "请在上面的图中操作；做到时这里会有显示。",
  },
};

interface MistakeWords {
  readonly said: string;
  readonly right: string;
  readonly measured: (what: string, values: string) => string;
}

export const MISTAKE_WORDS: Words<MistakeWords> = {
  en: { said: "What is said", right: "What is right", measured: (what, values) => `${what}: ${values}` },
  zh: { said: "原文的说法", right: "正确的说法", measured: (what, values) => `${what}：${values}` },
};

export const CHAPTER_WORDS: Words<{ chapter: (n: number, of: number) => string }> = {
  en: { chapter: (n, of) => `Chapter ${n} of ${of}` },
  zh: { chapter: (n, of) => `第 ${n} 章，共 ${of} 章` },
};
