// SHA-1, which Flax derives its keys with. Here because browsers have it only as an asynchronous call. Not for
// security.

/** The first 32 bits of the digest of `bytes`, big-endian. @see FIPS 180-4, section 6.1. */
export function sha1Word(bytes: readonly number[]): number {
  const message = padded(bytes);
  const hash = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  const w = new Int32Array(80);
  for (let start = 0; start < message.length; start += 16) {
    for (let t = 0; t < 80; t++) {
      w[t] = t < 16 ? message[start + t]! : rotate(w[t - 3]! ^ w[t - 8]! ^ w[t - 14]! ^ w[t - 16]!, 1);
    }
    let [a, b, c, d, e] = hash as [number, number, number, number, number];
    for (let t = 0; t < 80; t++) {
      const next = (rotate(a, 5) + mix(t, b, c, d) + e + w[t]!) | 0;
      [e, d, c, b, a] = [d, c, rotate(b, 30), a, next];
    }
    for (const [i, value] of [a, b, c, d, e].entries()) hash[i] = (hash[i]! + value) | 0;
  }
  return hash[0]! >>> 0;
}

const rotate = (x: number, distance: number): number => (x << distance) | (x >>> (32 - distance));

/** The function and constant of round t. */
function mix(t: number, b: number, c: number, d: number): number {
  if (t < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (t < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (t < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}

/** The message in big-endian words: a 1 bit, zeros, and the length in bits at the end of the last 16 words. */
function padded(bytes: readonly number[]): Int32Array {
  const words = new Int32Array(16 * Math.ceil((bytes.length + 9) / 64));
  for (const [i, byte] of [...bytes, 0x80].entries()) words[i >> 2]! |= byte << (24 - 8 * (i & 3));
  words[words.length - 1] = 8 * bytes.length;
  return words;
}
