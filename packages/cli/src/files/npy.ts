// NumPy's .npy format, version 1.0, for writing.

/** The bytes before the values of an array of booleans (one byte each) in C order. */
export const npyBoolHeader = (shape: readonly number[]): Uint8Array => npyHeader("'|b1'", shape);

/**
 * The bytes before the values of an array in C order.
 *
 * The header is padded with spaces so that the values begin at a multiple of 64 bytes, as NumPy itself writes it.
 *
 * @param descr The type as Python writes it: `'<f8'`, or a list of fields `[('mean', '<f8', (10,)), …]`.
 * @param least How many bytes it has at least: for a header that is written over a longer one.
 * @see NumPy, "NEP 1: a simple file format for NumPy arrays".
 */
export function npyHeader(descr: string, shape: readonly number[], least = 0): Uint8Array {
  // A Python tuple: one element keeps its comma.
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const dictionary = `{'descr': ${descr}, 'fortran_order': False, 'shape': ${tuple}, }`;
  const prefixLength = 10; // magic, version, length of the dictionary
  const total = Math.max(least, Math.ceil((prefixLength + dictionary.length + 1) / 64) * 64);
  const text = `${dictionary.padEnd(total - prefixLength - 1)}\n`;
  const bytes = new Uint8Array(total);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, text.length & 0xff, text.length >> 8]); // "\x93NUMPY", 1.0
  bytes.set(new TextEncoder().encode(text), prefixLength);
  return bytes;
}
