// Changes to bytes, texts and values that programs tend not to expect.

const BYTES = [0, 1, 0x7f, 0x80, 0xff, 0x0a, 0x0d, 0x22, 0x2c, 0x1f, 0x8b, 0x93];
const NUMBERS = [0, 1, 255, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];
const TOKENS = [
  ...'NaN;1e39;-0;1e-400;0x10;,;;\t;";"";\r;\n;\0;\u001b[2J;\ufeff;__proto__;constructor'.split(";"),
  ...["é", "1,5", "𝒳", "?", "(-1, 4)", "1e9", "'|O'", "True", " ", "{", "}", "[", "]", "null"],
];

/** Bytes with some changes. */
export function mutatedBytes(bytes, random) {
  let out = Buffer.from(bytes);
  for (let changes = random.isSo(0.5) ? 1 : 1 + random.below(4); changes > 0; changes--) {
    const at = random.below(out.length + 1);
    const length = 1 + random.below(random.isSo(0.8) ? 8 : 400);
    switch (random.below(8)) {
      case 0:
        if (at < out.length) out[at] ^= 1 << random.below(8);
        break;
      case 1:
        if (at < out.length) out[at] = random.pick(BYTES);
        break;
      case 2:
        out = Buffer.concat([out.subarray(0, at), out.subarray(at + length)]);
        break;
      case 3:
        out = Buffer.concat([out.subarray(0, at), out.subarray(at, at + length), out.subarray(at)]);
        break;
      case 4:
        out = out.subarray(0, at);
        break;
      case 5:
        out = Buffer.concat([out.subarray(0, at), Buffer.from(random.pick(TOKENS)), out.subarray(at)]);
        break;
      case 6:
        if (at + 4 <= out.length) out[random.isSo(0.5) ? "writeUInt32BE" : "writeUInt32LE"](random.pick(NUMBERS), at);
        break;
      default: {
        const from = random.below(out.length + 1);
        out = Buffer.concat([out.subarray(0, at), out.subarray(from, from + length), out.subarray(at + length)]);
      }
    }
  }
  return out;
}

/** A table with some cells, separators or lines that are not what they were; it stays UTF-8. */
export function mutatedText(bytes, random) {
  const out = bytes.toString("utf8").split(/([,;\t\n"])/);
  for (let changes = 1 + random.below(3); changes > 0; changes--) {
    const at = random.below(out.length);
    const length = 1 + random.below(random.isSo(0.7) ? 2 : 12);
    switch (random.below(5)) {
      case 0:
        out[at] = random.pick(TOKENS);
        break;
      case 1:
        out.splice(at, length);
        break;
      case 2:
        out.splice(at, 0, ...out.slice(at, at + length));
        break;
      case 3:
        out[at] = String(out[random.below(out.length)] ?? "");
        break;
      default:
        out.splice(at, 0, random.pick(TOKENS));
    }
  }
  return Buffer.from(out.join(""));
}

const ODD = [
  undefined,
  null,
  Number.NaN,
  -1,
  0,
  0.5,
  1.5,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  -0,
  Number.POSITIVE_INFINITY,
  "",
  "0.5",
  "__proto__",
  [],
  {},
  [0, 1],
  [Number.NaN, -1],
  true,
  1n,
  Symbol.iterator,
  () => 1,
  new Float32Array(3),
  new Uint32Array(2),
  new Float64Array(0),
  new Date(0),
];

export const oddValue = (random) => random.pick(ODD);

/** A copy of plain data in which one value, somewhere, is another. */
export function mutatedValue(value, random) {
  if (typeof value !== "object" || value === null || random.isSo(0.15)) return oddValue(random);
  const copy = Array.isArray(value) ? [...value] : { ...value };
  const keys = Object.keys(copy);
  if (keys.length === 0) return oddValue(random);
  const key = random.pick(keys);
  if (random.isSo(0.1)) delete copy[key];
  else copy[key] = mutatedValue(copy[key], random);
  return copy;
}
