// Which parts of a memory are taken. Knows addresses only.

/** Places begin at multiples of a cache line. */
const LINE = 64;

export class Gaps {
  /** Each part that is taken, by address: bytes that were asked for, and bytes that it has. */
  readonly #taken = new Map<number, { readonly asked: number; readonly whole: number }>();
  /** What lies between them, by ascending address; no two touch. */
  readonly #gaps: { at: number; bytes: number }[];
  /** Above this address nothing was ever taken. */
  #touched: number;

  /** Everything from `begin`, a multiple of 64, to `end` is free, and never was taken. */
  constructor(begin: number, end: number) {
    this.#gaps = [{ at: begin, bytes: end - begin }];
    this.#touched = begin;
  }

  /**
   * Takes `bytes` at a multiple of 64. `used` of them, at the beginning, were taken before and hold whatever was
   * written there. Undefined where no gap is long enough.
   */
  take(bytes: number): { at: number; used: number } | undefined {
    const whole = Math.max(1, Math.ceil(bytes / LINE)) * LINE;
    const i = this.#gaps.findIndex((gap) => gap.bytes >= whole);
    if (i < 0) return undefined;
    const gap = this.#gaps[i]!;
    const { at } = gap;
    gap.at += whole;
    gap.bytes -= whole;
    if (gap.bytes === 0) this.#gaps.splice(i, 1);
    this.#taken.set(at, { asked: bytes, whole });
    const used = Math.max(0, Math.min(bytes, this.#touched - at));
    this.#touched = Math.max(this.#touched, at + whole);
    return { at, used };
  }

  /** Gives back the `bytes` that were taken at `at`; false if not just those were. */
  give(at: number, bytes: number): boolean {
    const part = this.#taken.get(at);
    if (part?.asked !== bytes) return false;
    this.#taken.delete(at);
    const found = this.#gaps.findIndex((gap) => gap.at > at);
    const i = found < 0 ? this.#gaps.length : found;
    this.#gaps.splice(i, 0, { at, bytes: part.whole });
    this.#join(i);
    this.#join(i - 1);
    return true;
  }

  /** Makes one of gap `i` and the next, if they touch. */
  #join(i: number): void {
    const gap = this.#gaps[i];
    const next = this.#gaps[i + 1];
    if (gap === undefined || next === undefined || gap.at + gap.bytes !== next.at) return;
    gap.bytes += next.bytes;
    this.#gaps.splice(i + 1, 1);
  }
}
