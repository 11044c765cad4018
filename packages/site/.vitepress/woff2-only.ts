// Leaves out the older forms of the fonts of formulas: every browser that can run the site reads WOFF2.

/** A plugin of Vite; untyped here because VitePress brings a Vite of its own. */
export const woff2Only = {
  name: "woff2-only",
  enforce: "pre" as const,
  transform: (code: string, id: string): string | null =>
    /katex.*\.css/.test(id) ? code.replace(/,url\([^)]*\.(?:woff|ttf)\) format\("[^"]*"\)/g, "") : null,
};
