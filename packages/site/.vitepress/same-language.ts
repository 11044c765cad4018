// VitePress writes language and direction of a page again when it comes to life, though they stand in what was built.
// Browsers take that for a change and work out the styles of the whole page anew: a fifth of what bringing a chapter
// to life costs.

const WRITES = /document\.documentElement\.(lang|dir) = (lang|dir)\.value;/g;

/** A plugin of Vite that lets VitePress write what has changed; untyped here because VitePress brings its own Vite. */
export const sameLanguage = {
  name: "same-language",
  transform(code: string, id: string): string | null {
    if (!id.endsWith("/vitepress/dist/client/app/index.js")) return null;
    if (code.match(WRITES)?.length !== 2) throw new Error("VitePress sets the language of a page in another way now");
    return code.replace(WRITES, (write, name) => `if (document.documentElement.${name} !== ${name}.value) ${write}`);
  },
};
