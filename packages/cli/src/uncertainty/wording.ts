// Sentences of the library in the words of the command: names of functions and options become what a user can type.

const OPTIONS: readonly (readonly [RegExp, string])[] = [
  [/pass after or before, for instance \{[^}]*\}/g, "pass --where, for instance --where after:Relu --rate 0.1"],
  [/\{ batch: 1 \}/g, "--batch 1"],
  [/, or pass \{ memory \} to monteCarlo/g, ""],
  [/\{ freeze: true \}/g, "--freeze"],
  [/\bfreeze: true\b/g, "--freeze"],
  [/\{ rate \}/g, "--rate"],
  [/\bkind "(\w+)", "(\w+)" or "(\w+)"/g, "--kind $1, $2 or $3"],
  [/\bkind "(\w+)"/g, "--kind $1"],
  [/\bscale "(\w+)"/g, "--scale $1"],
  [/\bsay which kind it is/g, "say --kind"],
  // Only settings can lack: the data, --input and --constant are for the others.
  [/\binput (.+) is missing; the model needs it$/, "input $1 is missing; pass --constant $1=true, or another value"],
];

/** "monteCarlo: …; pass { batch: 1 } …" as "uncertainty: …; pass --batch 1 …". */
export const inCommandWords = (message: string): string =>
  OPTIONS.reduce((text, [from, to]) => text.replace(from, to), message.replace(/^[a-z]\w*(\.\w+)*: /, "uncertainty: "));
