// How many elements an array of some shape has.

/** The product of lengths; 1 where there are none. */
export const sizeOf = (dims: readonly number[]): number => dims.reduce((size, length) => size * length, 1);
