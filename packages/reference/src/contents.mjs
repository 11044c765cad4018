// What is where in the reference: contents.json for the site's sidebar and its tests, and the page with all names.

import { ReflectionKind } from "typedoc";

/**
 * @param {import("typedoc").ProjectReflection} project
 * @param {(reflection: import("typedoc").Reflection) => string} urlOf From the folder of the reference.
 */
export const contentsOf = (project, urlOf) =>
  (project.children ?? []).map((entry) => {
    const names = (entry.children ?? []).map((child) => {
      const target = child.isReference() ? child.getTargetReflectionDeep() : child;
      return { name: child.name, kind: kindOf(target), link: linkTo(urlOf(target)) };
    });
    const summary = (entry.comment?.summary ?? []).map(({ text }) => text).join("");
    return { name: entry.name, link: linkTo(urlOf(entry)), summary: summary.replaceAll("\n", " ").trim(), names };
  });

/** @param {import("typedoc").Reflection} reflection */
function kindOf(reflection) {
  if (reflection.kindOf(ReflectionKind.Class)) return "class";
  if (reflection.kindOf(ReflectionKind.Function)) return "function";
  return reflection.kindOf(ReflectionKind.Variable) ? "variable" : "type";
}

/** The address on the site. @param {string} url */
const linkTo = (url) => `/reference/${url.replace(/(^|\/)index\.md/, "$1").replace(/\.md/, ".html")}`;

const KINDS = { function: "Functions", class: "Classes", variable: "Constants", type: "Types" };

/** @param {ReturnType<typeof contentsOf>} contents */
export function contentsPage(contents) {
  const sections = contents.map(({ name, link, summary, names }) => {
    const lists = Object.entries(KINDS).flatMap(([kind, heading]) => {
      const links = names.filter((one) => one.kind === kind).map((one) => `[${one.name}](${one.link})`);
      return links.length === 0 ? [] : [`**${heading}.** ${links.join(", ")}`];
    });
    return [`## ${name}`, `${summary} [Read](${link} "${name}")`, ...lists].join("\n\n");
  });
  return `---
title: Reference
description: Every function, class and type of hadamask, by entry point.
outline: [2, 2]
---

# Reference

Every function, class and type, by the entry point that it is imported from. The search box finds them by name.

${sections.join("\n\n")}
`;
}
