// How the site is built: pages, locales, formulas, security policy. Everything is local; nothing is fetched at run
// time.

import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";
import { searchableChinese } from "./chinese-search.js";
import { addMistakes } from "./claims.js";
import { formulas } from "./formulas.js";
import { transformHead, withoutIcons } from "./head.js";
import { indentedCode } from "./indented-code.js";
import { locales, searchTranslations } from "./locales.js";
import { ownTasks } from "./own-tasks.js";
import { percentages } from "./percentages.js";
import { asSearched } from "./reference.js";
import { sameLanguage } from "./same-language.js";
import { contentSecurityPolicy } from "./security-policy.js";
import { slug } from "./slug.js";
import { tableHeads } from "./table-heads.js";
import { woff2Only } from "./woff2-only.js";

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  srcDir: "pages",
  title: "hadamask",
  titleTemplate: ":title · hadamask",
  description: "Dropout, done completely: every variant, exact gradients, masks that are a pure function of a key.",
  locales,
  cleanUrls: false, // any static server can serve what is built
  metaChunk: true,
  router: { prefetchLinks: false }, // a first visit loads what it shows
  // switching it off for a moment takes a style element, which the policy forbids
  appearance: { disableTransition: false },
  lastUpdated: false,
  head: [
    ["link", { rel: "icon", href: "/icon.svg", type: "image/svg+xml" }],
    ["meta", { name: "color-scheme", content: "light dark" }],
  ],
  markdown: {
    config(markdown) {
      formulas(markdown);
      tableHeads(markdown);
      indentedCode(markdown);
      percentages(markdown);
    },
    anchor: { slugify: slug },
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    headers: { level: [2, 3] },
  },
  themeConfig: {
    logo: { src: "/icon.svg", alt: "" },
    search: {
      provider: "local",
      options: {
        locales: searchTranslations,
        _render(text, env, markdown) {
          const isReference = env.relativePath.startsWith("reference/");
          const html = markdown.render(isReference ? asSearched(text) : text, env);
          if (env.frontmatter?.search === false) return "";
          return env.relativePath.startsWith("zh/") ? searchableChinese(html) : html;
        },
      },
    },
    externalLinkIcon: true,
  },
  transformPageData: addMistakes,
  transformHead,
  transformHtml: (html) => contentSecurityPolicy(withoutIcons(html)),
  vite: {
    plugins: [woff2Only, ownTasks, sameLanguage],
    resolve: {
      alias: [
        { find: /^@site\//, replacement: source("../src/") },
        { find: /^\.\.?\/composables\/langs$/, replacement: source("../src/theme/languages.ts") },
      ],
    },
    build: { target: "es2022", assetsInlineLimit: 0, chunkSizeWarningLimit: 700 },
    worker: { format: "es" }, // what a worker imports only when it is asked for stays apart
    ssr: { external: ["hadamask"] },
    server: { fs: { allow: [source("../../..")] } },
  },
});
