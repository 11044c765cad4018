// Threefry-2x32 with 20 rounds in WGSL. Knows nothing of masks. The rounds are written out, so that distances are
// constants and rotations single instructions.

const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;

function rounds(): string {
  const schedule = ["key.x", "key.y", "parity"];
  const lines: string[] = [];
  for (let round = 0; round < 20; round++) {
    const distance = ROTATIONS[round % 8]!;
    lines.push(`a += b; b = ((b << ${distance}u) | (b >> ${32 - distance}u)) ^ a;`);
    if (round % 4 === 3) {
      const injection = (round + 1) / 4;
      lines.push(`a += ${schedule[injection % 3]}; b += ${schedule[(injection + 1) % 3]} + ${injection}u;`);
    }
  }
  return lines.join("\n  ");
}

/** `threefry(key, hi, lo)`: what random/threefry.ts calls `block`. */
export const THREEFRY: string = `
fn threefry(key: vec2u, hi: u32, lo: u32) -> vec2u {
  let parity = key.x ^ key.y ^ 0x1bd11bdau;
  var a = hi + key.x;
  var b = lo + key.y;
  ${rounds()}
  return vec2u(a, b);
}
`;
