// Numbers of 16 bits, which JavaScript has no array for everywhere.

/** IEEE binary16: sign, 5 exponent bits (15 is zero), 10 fraction bits. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** The bits of the binary16 number nearest to `value`, of two equally near ones the even one. */
export function numberToHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(size)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00; // half of the last step above the largest number
  if (size < 2 ** -14) return sign | roundEven(size * 2 ** 24); // subnormal, or rounded up to the first normal
  const exponent = exponentOf(size);
  // rounding up to 2048 carries into the exponent, as it should
  return sign | (((exponent + 14) << 10) + roundEven(size * 2 ** (10 - exponent)));
}

/** e with 2^e <= size < 2^(e + 1), for normal numbers of float64: from their own exponent bits. */
function exponentOf(size: number): number {
  BITS.setFloat64(0, size);
  return ((BITS.getUint32(0) >>> 20) & 0x7ff) - 1023;
}

const BITS = new DataView(new ArrayBuffer(8));

/** To the nearest whole number, of two equally near ones the even one. */
function roundEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low;
}
