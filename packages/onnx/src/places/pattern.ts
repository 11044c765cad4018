// Names that fit a text with stars. The text may hold thousands of them: each part between two stars is looked for
// once, from where the part before it ended.

/**
 * Whether a name fits a regular expression, or a text in which * stands for anything.
 *
 * @example
 * ```ts
 * import { fits } from "@hadamask/onnx";
 * console.log(fits("layer*.drop", "layer12.drop"), fits("layer*.drop", "head.drop")); // true false
 * ```
 */
export function fits(pattern: string | RegExp | undefined, name: string): boolean {
  if (pattern === undefined) return true;
  if (pattern instanceof RegExp) return new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, "")).test(name);
  const [first = "", ...parts] = pattern.split("*");
  const last = parts.pop();
  if (last === undefined) return name === pattern;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of parts) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}
