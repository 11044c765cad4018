// What a layer remembers of its forward passes, so that backward can be asked for one of them by its number: a layer
// that stands at several places of a network goes back through the last of them first. Knows no arrays.

import { checkIndex } from "../../check.js";
import type { Mode } from "../../types.js";

/** One forward pass. */
export interface Remembered<Memory> {
  readonly mode: Mode;
  /** Of the training step, or of the pass in mode "sample". */
  readonly number: number | undefined;
  readonly memory: Memory;
}

/** Names a pass. */
interface PassNumber {
  readonly step?: number;
  readonly pass?: number;
}

export class Memories<Memory> {
  readonly #kept: Remembered<Memory>[] = [];
  /** Forward passes, and then backward ones, since the last change from backward to forward. */
  #forwards = 0;
  #backwards = 0;

  get last(): Memory | undefined {
    return this.#kept.at(-1)?.memory;
  }

  /** Remembers a pass, and no more than `most`. */
  add(pass: Remembered<Memory>, most: number): void {
    if (this.#backwards > 0) this.#forwards = this.#backwards = 0;
    this.#forwards++;
    this.#kept.push(pass);
    while (this.#kept.length > most) this.#kept.shift();
  }

  /** The pass that backward is to go through: the one that is named, or the last. */
  find(where: string, options: PassNumber): Memory {
    const last = this.#kept.at(-1);
    if (last === undefined) throw new Error(`${where}: nothing to differentiate; call forward() first`);
    const named = this.#named(where, options);
    // One place: backward may be called again. Several: the last one twice would be a wrong gradient, and no error.
    if (named === undefined && this.#backwards > 0 && this.#forwards > 1 && last.number !== undefined) {
      const what = last.mode === "train" ? "step" : "pass";
      throw new Error(
        `${where}: ${what} is missing; ${this.#forwards} forward passes came before, pass { ${what} } of the one to ` +
          "differentiate, or use one layer for each place",
      );
    }
    this.#backwards++;
    return (named ?? last).memory;
  }

  #named(where: string, { step, pass }: PassNumber): Remembered<Memory> | undefined {
    if (step === undefined && pass === undefined) return undefined;
    if (step !== undefined && pass !== undefined) throw new TypeError(`${where}: pass either step or pass, not both`);
    const [what, mode, given] = step === undefined ? ["pass", "sample", pass] : ["step", "train", step];
    const number = checkIndex(where, what!, given);
    const found = this.#kept.findLast((kept) => kept.mode === mode && kept.number === number);
    if (found !== undefined) return found;
    const known = this.#kept.flatMap((kept) => (kept.mode === mode ? [kept.number] : []));
    const which = known.length === 0 ? "that of a forward pass" : `one that is remembered (${known.join(", ")})`;
    throw new RangeError(`${where}: ${what} must be ${which}, got ${number}`);
  }
}
