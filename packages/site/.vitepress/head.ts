// What a page asks for before anything of it is shown.

import type { HeadConfig, TransformContext } from "vitepress";

/**
 * The font of the text, asked for together with the styles that name it: it is there when the page is first laid out,
 * so that no line breaks anew.
 */
export function transformHead({ assets }: Pick<TransformContext, "assets">): HeadConfig[] {
  const font = assets.find((asset) => /\/inter-latin-[^/]*\.woff2$/.test(asset));
  if (font === undefined) throw new Error("the font of the text is not among the files of the site");
  return [["link", { rel: "preload", href: font, as: "font", type: "font/woff2", crossorigin: "" }]];
}

const ICONS = /^.*<link[^>]*href="[^"]*vp-icons\.css"[^>]*>\n/m;

/** Without the styles of icons that the site does not use: the file is empty, and the page would wait for it. */
export const withoutIcons = (html: string): string => html.replace(ICONS, "");
