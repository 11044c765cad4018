// The first page of the guide: the README.

import { pageOf } from "../../.vitepress/docs-pages.js";

export default {
  watch: ["../../../../README.md"],
  paths: () => [{ params: { index: "index" }, content: pageOf("README") }],
};
