// Our comments as Markdown. A comment is written to be read in an editor; on a page, its paragraphs "Shapes.",
// "Randomness.", "Numerics." and "Cost." stand apart, and formulas set in by four spaces are blocks of code, whose
// signs are left alone.

const SECTION = /^(Shapes|Randomness|Numerics|Cost|Verified|Places)\. /;
const FORMULA = /^ {4}/;

/** @param {string} text */
export function spread(text) {
  const lines = [];
  let inFormula = false;
  for (const line of text.split("\n")) {
    const isFormula = FORMULA.test(line) && (inFormula || (lines.at(-1) ?? "") === "");
    if (inFormula && !isFormula && line.trim() !== "") {
      while (lines.at(-1) === "") lines.pop();
      lines.push("```", "");
      inFormula = false;
    }
    if (isFormula && !inFormula) {
      lines.push("```text");
      inFormula = true;
    }
    if (SECTION.test(line) && lines.length > 0 && lines.at(-1) !== "") lines.push("");
    lines.push(isFormula ? line.slice(4) : line.replace(SECTION, "**$1.** "));
  }
  if (inFormula) {
    while (lines.at(-1) === "") lines.pop();
    lines.push("```", "");
  }
  return lines.join("\n");
}

/** Text that ends within a formula: what follows on the line belongs to it. */
const ENDS_IN_FORMULA = /(^|\n\n)( {4}.*\n)* {4}.*$/;

/**
 * The parts of a comment, spread. A link in a formula is its text: a block of code holds no links.
 *
 * @param {import("typedoc").Comment | undefined} comment
 */
export function spreadComment(comment) {
  if (comment === undefined) return;
  /** @type {import("typedoc").CommentDisplayPart[]} */
  const parts = [];
  for (const part of comment.summary) {
    const last = parts.at(-1);
    const isJoined = last?.kind === "text" && (part.kind === "text" || ENDS_IN_FORMULA.test(last.text));
    if (isJoined) last.text += part.text;
    else parts.push({ ...part });
  }
  for (const part of parts) if (part.kind === "text") part.text = spread(part.text);
  comment.summary = parts;
}
