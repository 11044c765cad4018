// Words in several languages. English is always there; a language that lacks a text shows the English one.

export const LANGUAGES = ["en", "zh"] as const;
export type Language = (typeof LANGUAGES)[number];

export type Words<T> = { readonly en: T } & { readonly [language in Language]?: T };

/** The language of a page from its `lang`: "zh-CN" is "zh", and what is unknown is English. */
export const languageOf = (lang: string): Language =>
  LANGUAGES.find((language) => lang.toLowerCase().startsWith(language)) ?? "en";

export const inLanguage = <T>(words: Words<T>, language: Language): T => words[language] ?? words.en;
