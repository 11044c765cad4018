// The end of a report: how it was done, with what, and the command that gives the same numbers again.

import { escaped } from "./html.js";

/** A term, and what is said of it. */
export type Term = readonly [term: string, text: string];

export const termsHtml = (terms: readonly Term[]): string =>
  `<dl>\n${terms.map(([term, text]) => `<dt>${term}</dt><dd>${escaped(text)}</dd>`).join("\n")}\n</dl>`;

export function methodHtml(
  terms: readonly Term[],
  versions: Readonly<Record<string, string>>,
  command: string,
): string {
  const used = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const list = termsHtml([...terms, ["Versions", used.join(", ")]]);
  return `${list}\n<p>The same numbers again:</p>\n<pre><code>${escaped(command)}</code></pre>`;
}
