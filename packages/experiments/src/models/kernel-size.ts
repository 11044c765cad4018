// The sizes of convolution and pooling, the same in every implementation.

/** Places of a kernel along each axis. */
export const KERNEL = 3;

/** How long a side is after pooling. */
export const pooledLength = (length: number): number => Math.max(1, Math.floor(length / 2));
