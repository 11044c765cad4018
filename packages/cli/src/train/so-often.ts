// When a checkpoint is due.

import type { Checkpoint } from "@hadamask/experiments";

/** Calls `save` when `ms` have gone by since it was called last, or since now. */
export function everySoOften(
  ms: number,
  save: (checkpoint: Checkpoint) => void,
): (checkpoint: () => Checkpoint) => void {
  let last = performance.now();
  return (checkpoint) => {
    if (performance.now() - last < ms) return;
    save(checkpoint());
    last = performance.now();
  };
}
