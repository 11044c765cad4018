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

/** @param {import("typedoc").Comment | undefined} comment */
export function spreadComment(comment) {
  for (const part of comment?.summary ?? []) if (part.kind === "text") part.text = spread(part.text);
}
