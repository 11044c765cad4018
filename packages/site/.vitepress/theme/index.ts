// VitePress's own theme with our colours, the number of the chapter above each chapter, and what every page may use.

import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";
import "katex/dist/katex.min.css";
import "../../src/theme/fonts.css";
import "../../src/theme/style.css";
import TextMistakes from "../../src/learn/text-mistakes.vue";
import TryThis from "../../src/learn/try-this.vue";
import Layout from "../../src/theme/site-layout.vue";

const theme: Theme = {
  extends: DefaultTheme,
  Layout,
  enhanceApp({ app }) {
    app.component("TryThis", TryThis);
    app.component("TextMistakes", TextMistakes);
  },
};

export default theme;
