// Rows in batches, as jax-js takes them. Knows no network.

import type { Batch } from "./network.js";
import type { Rows } from "./split.js";
import type { Task } from "./task.js";

/**
 * Cuts `rows`, in the order given, into batches of equal size; what is left over at the end of an epoch waits for the
 * next one, whose order is another. The buffers of a batch are used again for the next.
 */
export class Batches {
  readonly size: number;
  readonly perEpoch: number;
  readonly #rows: Rows;
  readonly #task: Task;
  readonly #inputs: Float32Array;
  readonly #targets: Float32Array;

  constructor(rows: Rows, size: number, task: Task) {
    this.size = Math.min(size, rows.count);
    this.perEpoch = Math.floor(rows.count / this.size);
    this.#rows = rows;
    this.#task = task;
    this.#inputs = new Float32Array(this.size * rows.featureCount);
    this.#targets = new Float32Array(this.size * task.likelihood.targets);
  }

  /** Batch `b` of an epoch with this order. */
  take(order: Uint32Array, b: number): Batch {
    const chosen = order.subarray(b * this.size, (b + 1) * this.size);
    this.#rows.readInputs(chosen, this.#inputs);
    this.#targets.fill(0);
    const { targets } = this.#task.likelihood;
    chosen.forEach((row, i) => {
      this.#task.writeTarget(this.#rows.label(row), this.#targets, i * targets);
    });
    return { inputs: this.#inputs, targets: this.#targets, rows: this.size };
  }
}
