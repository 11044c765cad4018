// The first page of the guide in Chinese: the Chinese README.

import { pageOf } from "../../../.vitepress/docs-pages.js";

export default {
  watch: ["../../../../../README.zh-CN.md"],
  paths: () => [{ params: { index: "index" }, content: pageOf("README.zh-CN") }],
};
