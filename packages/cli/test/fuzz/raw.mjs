// What no user should read: sentences of Node, of V8 and of parsers.

const PARTS = [
  /Cannot (read|set|destructure|convert|mix)|is not a (function|constructor|iterable)|not iterable/,
  /Invalid (typed )?array|Maximum call|undefined|Expected a number for|\bE[A-Z]{3,}\b:|Reduce of empty/,
  /is not valid JSON|Unexpected (token|end of)|out of bounds|BigInt|\[object |\bNaN\b/,
];

export const RAW = new RegExp(PARTS.map(({ source }) => source).join("|"));
