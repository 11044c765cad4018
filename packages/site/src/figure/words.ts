// What every figure says around its picture.

import type { Words } from "../state/words.js";

export const FRAME_WORDS: Words<{
  data: string;
  copyLink: string;
  copied: string;
  reset: string;
  download: string;
}> = {
  en: {
    data: "Data as a table",
    copyLink: "Copy link",
    copied: "Copied",
    reset: "Reset",
    download: "Download as CSV",
  },
  zh: {
    data: "数据表",
    copyLink: "复制链接",
    copied: "已复制",
    reset: "重置",
    download: "下载 CSV",
  },
};
