// The links to a page in the other languages, in place of those of VitePress's theme: it assumes that every page exists
// in every language, and a link to a page that is not there would end nowhere. Such a link leads to the first page
// instead.

import { useData } from "vitepress";
import { type ComputedRef, computed } from "vue";

/** Pages, by their files, that exist in every language; all others are in English alone. */
export const TRANSLATED = /^(index|(learn|lab)\/[\w-]+|guide\/index)\.md$/;

interface LanguageLink {
  readonly text: string;
  readonly link: string;
}

const homeOf = (locale: string): string => (locale === "root" ? "/" : `/${locale}/`);

/** The address of a page, whose file is `path` below its language's folder, in the language `locale`. */
export function pageIn(locale: string, path: string): string {
  if (locale !== "root" && !TRANSLATED.test(path)) return homeOf(locale);
  return homeOf(locale) + path.replace(/(^|\/)index\.md$/, "$1").replace(/\.md$/, ".html");
}

/** As VitePress's function of this name; it is put in its place by the build. */
export function useLangs({ correspondingLink = false }: { readonly correspondingLink?: boolean } = {}): {
  readonly localeLinks: ComputedRef<readonly LanguageLink[]>;
  readonly currentLang: ComputedRef<{ readonly label: string | undefined; readonly link: string }>;
} {
  const { site, localeIndex, page } = useData();
  const currentLang = computed(() => ({
    label: site.value.locales[localeIndex.value]?.label,
    link: homeOf(localeIndex.value),
  }));
  const path = computed(() => page.value.relativePath.slice(homeOf(localeIndex.value).length - 1));
  const localeLinks = computed(() =>
    Object.entries(site.value.locales)
      .filter(([locale]) => locale !== localeIndex.value)
      .map(([locale, { label }]) => ({
        text: label,
        link: correspondingLink ? pageIn(locale, path.value) : homeOf(locale),
      })),
  );
  return { localeLinks, currentLang };
}
