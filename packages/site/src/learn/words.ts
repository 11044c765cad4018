// What chapters say around their texts.

import type { Words } from "../state/words.js";

export const EXERCISE_WORDS: Words<{ check: string; right: string; wrong: string; watching: string }> = {
  en: {
    check: "Check",
    right: "Right.",
    wrong: "Not yet.",
    watching: "Do it in the figure above; this box notices.",
  },
};

export const MISTAKE_WORDS: Words<{ said: string; right: string; row: string }> = {
  en: { said: "What is said", right: "What is right", row: "Row" },
};

export const CHAPTER_WORDS: Words<{ chapter: (n: number, of: number) => string }> = {
  en: { chapter: (n, of) => `Chapter ${n} of ${of}` },
};
