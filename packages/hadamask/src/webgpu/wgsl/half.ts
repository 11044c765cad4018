// Half precision (binary16) from and to float32 by integers alone: `pack2x16float` may round either way and hardware
// may flush subnormals, and these do neither. Knows no arrays.

export const HALF: string = `
fn fromHalf(h: u32) -> f32 {
  let magnitude = h & 0x7fffu;
  let ordinary = (magnitude << 13u) + 0x38000000u;              // the exponent's bias: 127 - 15 = 112
  var bits = select(ordinary, ordinary + 0x38000000u, magnitude >= 0x7c00u);
  if (magnitude < 0x400u) { bits = bitcast<u32>(f32(magnitude) * 0x1p-24f); }
  return bitcast<f32>(bits | ((h & 0x8000u) << 16u));
}

/// Rounds to nearest, ties to even.
fn toHalf(value: f32) -> u32 {
  let bits = bitcast<u32>(value);
  let sign = (bits >> 16u) & 0x8000u;
  let a = bits & 0x7fffffffu;
  if (a > 0x7f800000u) { return sign | 0x7e00u; }
  if (a >= 0x477ff000u) { return sign | 0x7c00u; }              // 65520 and more
  if (a >= 0x38800000u) { return sign | ((a - 0x38000000u + 0xfffu + ((a >> 13u) & 1u)) >> 13u); }
  let exponent = a >> 23u;
  if (exponent < 102u) { return sign; }                         // below 2^-25
  let mantissa = (a & 0x7fffffu) | 0x800000u;                   // in units of 2^-24 after the shift
  let distance = 126u - exponent;
  let whole = mantissa >> distance;
  let rest = mantissa & ((1u << distance) - 1u);
  let middle = 1u << (distance - 1u);
  return sign | (whole + select(0u, 1u, rest > middle || (rest == middle && (whole & 1u) == 1u)));
}
`;
