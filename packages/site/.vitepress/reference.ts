// The reference in the navigation: entry points, and below the one that is read its classes. Functions and types are
// on the entry point's page, whose outline lists them. What is there comes from `npm run build -w @hadamask/reference`.

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { DefaultTheme } from "vitepress";

/** One entry point: its page and what it exports. */
export interface ReferenceEntry {
  readonly name: string;
  readonly link: string;
  readonly summary: string;
  readonly names: readonly {
    readonly name: string;
    readonly kind: "function" | "class" | "variable" | "type";
    readonly link: string;
  }[];
}

const FILE = fileURLToPath(new URL("../pages/reference/contents.json", import.meta.url));

/** Every entry point; none while the reference is not built, as in a check of types. */
export const referenceEntries = (): readonly ReferenceEntry[] =>
  existsSync(FILE) ? JSON.parse(readFileSync(FILE, "utf8")) : [];

/** One sidebar an entry point, so that a page does not carry the names of all the others. */
export function referenceSidebars(): DefaultTheme.SidebarMulti {
  const entries = referenceEntries();
  const sidebar = (open?: ReferenceEntry): DefaultTheme.SidebarItem[] => [
    {
      text: "Reference",
      link: "/reference/",
      items: entries.map((entry) => ({
        text: entry.name,
        link: entry.link,
        ...(entry === open ? { items: classesOf(entry) } : {}),
      })),
    },
  ];
  return {
    "/reference/": sidebar(),
    ...Object.fromEntries(entries.map((entry) => [entry.link, sidebar(entry)])),
  };
}

/** Classes with a page below this entry point; those that it only passes on are below another one. */
const classesOf = ({ link, names }: ReferenceEntry): DefaultTheme.SidebarItem[] =>
  names
    .filter((one) => one.kind === "class" && one.link.startsWith(`${link}classes/`))
    .map(({ name, link: to }) => ({ text: name, link: to }));

/** A page as search sees it: without code, whose words belong to other pages. */
export const asSearched = (text: string): string => text.replaceAll(/^```[\s\S]*?^```$/gm, "");
