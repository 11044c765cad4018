// The documents of the project as pages of the site. They stay where they are: a page is made from a document when
// the site is built, with its links turned to where things are here.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** Documents of numbers; all others are the guide. */
const NUMBERS = ["benchmarks", "results", "variants", "features"];
/** The order of the guide; documents that are not named here come last. */
const ORDER = ["layers", "uncertainty", "theory", "porting", "stream"];

const documents: readonly string[] = readdirSync(`${ROOT}docs`)
  .filter((file) => file.endsWith(".md"))
  .map((file) => file.slice(0, -3));

export type Part = "guide" | "numbers";

/** The documents of a part, in order. */
export function documentsOf(part: Part): readonly string[] {
  if (part === "numbers") return NUMBERS.filter((name) => documents.includes(name));
  const place = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  return documents.filter((name) => !NUMBERS.includes(name)).sort((a, b) => place(a) - place(b) || a.localeCompare(b));
}

/** What the READMEs are called as pages. */
const READMES: Readonly<Record<string, string>> = { README: "Start", "README.zh-CN": "开始" };
/** Their line that leads to the other language; the site has a menu for it. */
const SWITCH_LINE = /^.*\[(简体中文|English)\]\(README[\w.-]*\).*\n+/m;

const read = (name: string): string =>
  readFileSync(name in READMES ? `${ROOT}${name}.md` : `${ROOT}docs/${name}.md`, "utf8");

/** The first heading of a document, as plain text. */
export const titleOf = (name: string): string =>
  (/^# (.+)$/m.exec(read(name))?.[1] ?? name).replace(/[`*]/g, "").replace(/^hadamask$/, READMES[name] ?? name);

/** The text of a document as a page. */
export function pageOf(name: string): string {
  const text = read(name)
    .replace(/^# hadamask$/m, `# ${READMES[name]}`)
    .replace(SWITCH_LINE, "");
  return text.replace(
    /(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g,
    (whole, image: string, label: string, target: string) => {
      if (/^https?:/.test(target) || target.startsWith("#")) return whole;
      if (image === "!") return `![${label}](${picture(name, target)})`;
      const link = pageLink(target);
      return link === undefined ? label : `[${label}](${link})`;
    },
  );
}

/** A picture, from the folder of the page that shows it. */
const picture = (name: string, target: string): string =>
  `${name === "README.zh-CN" ? "../" : ""}../../../../${name in READMES ? target : `docs/${target}`}`;

/** Where a document that another one names is on the site; undefined for what has no page, like a source file. */
function pageLink(target: string): string | undefined {
  const [path, anchor] = target.split("#");
  const match = /(?:^|\/)([\w-]+)\.md$/.exec(path!);
  const name = match?.[1];
  const hash = anchor === undefined ? "" : `#${anchor}`;
  if (name === "README" && !/packages/.test(path!)) return `/guide/${hash}`;
  if (name === undefined || !documents.includes(name) || /packages/.test(path!)) return undefined;
  return `/${NUMBERS.includes(name) ? "numbers" : "guide"}/${name}${hash}`;
}
