// How many decisions a layer takes for an input: found by offering it masks of every size.

/** The sizes from 1 to 64 of masks given by hand that `forward` accepts: one, if the layer knows what it needs. */
export function maskSizes(forward: (mask: number[]) => unknown): number[] {
  return Array.from({ length: 64 }, (_, i) => i + 1).filter((n) => {
    try {
      forward(Array.from({ length: n }, () => 1));
      return true;
    } catch {
      return false;
    }
  });
}
