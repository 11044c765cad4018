// Search takes what stands between two spaces or marks for a word, and finds words by their beginnings. In Chinese that
// is a whole clause: 岭回归 would not be found in 暂退法就是岭回归. So the index also gets the endings of each clause.

/** Characters of an ending that are kept: longer terms are rare, and the index stays small. */
const LONGEST = 6;
const CLAUSE = /\p{Script=Han}{3,}/gu;

/** "岭回归法" has the endings "回归法" and "归法". */
const endingsOf = (clause: string): readonly string[] =>
  Array.from({ length: clause.length - 2 }, (_, i) => clause.slice(i + 1, i + 1 + LONGEST));

const withEndings = (text: string): string =>
  text.replaceAll(CLAUSE, (clause) => [clause, ...endingsOf(clause)].join(" "));

/** A page as search sees it: what readers see of it are its headings, so their endings follow them as a paragraph. */
export const searchableChinese = (html: string): string =>
  html
    .split(/(<h[1-6][\s\S]*?<\/h[1-6]>|<[^>]+>)/)
    .map((part) => {
      if (/^<h[1-6]/.test(part)) return `${part}<p>${withEndings(part.replaceAll(/<[^>]+>/g, " "))}</p>`;
      return part.startsWith("<") ? part : withEndings(part);
    })
    .join("");
