// The pages of the numbers: one a document.

import { documentsOf, pageOf } from "../../.vitepress/docs-pages.js";

export default {
  watch: ["../../../../docs/*.md"],
  paths: () => documentsOf("numbers").map((page) => ({ params: { page }, content: pageOf(page) })),
};
