// The pages of the guide: one a document.

import { documentsOf, pageOf } from "../../.vitepress/docs-pages.js";

export default {
  watch: ["../../../../docs/*.md"],
  paths: () => documentsOf("guide").map((page) => ({ params: { page }, content: pageOf(page) })),
};
