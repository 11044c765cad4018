// The words of a component in the language of the page.

import { useData } from "vitepress";
import { type ComputedRef, computed } from "vue";
import { inLanguage, languageOf, type Words } from "./words.js";

export function useWords<T>(words: Words<T>): ComputedRef<T> {
  const { lang } = useData();
  return computed(() => inLanguage(words, languageOf(lang.value)));
}
