// How the user called this command, so that lines that it prints can be pasted.

import { fileURLToPath } from "node:url";

/** "hadamask", or "npx hadamask" where that is what was typed, or all there is. */
export function called(env: NodeJS.ProcessEnv = process.env, here: string = fileURLToPath(import.meta.url)): string {
  const isByNpx = env.npm_command === "exec" || env.npm_lifecycle_event === "npx";
  if (isByNpx) return "npx hadamask";
  // By `npm start` in a checkout, or by its path: the name alone is on nobody's PATH there.
  const isCheckout = !here.includes("node_modules");
  return isCheckout || env.npm_lifecycle_event !== undefined ? "npx hadamask" : "hadamask";
}

/** A line that begins with "hadamask", as it can be pasted here. */
export const asCalled = (line: string): string => line.replace(/^hadamask\b/, called());
