// How many elements an array of some shape has.

/** The product of lengths; 1 where there are none. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);
