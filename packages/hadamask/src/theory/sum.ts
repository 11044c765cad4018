// Sums that do not lose digits. Expectations over a million masks are held to 1e-12, which a plain running sum misses.

/** A running sum with Neumaier's compensation: its error does not grow with the number of terms. */
export class CompensatedSum {
  #sum = 0;
  #lost = 0;

  add(term: number): void {
    const next = this.#sum + term;
    // What the addition rounded away, recovered from the larger of the two.
    this.#lost += Math.abs(this.#sum) >= Math.abs(term) ? this.#sum - next + term : term - next + this.#sum;
    this.#sum = next;
  }

  get value(): number {
    // An infinite term makes the compensation NaN (infinity - infinity); the sum itself is then the answer.
    return Number.isFinite(this.#sum) ? this.#sum + this.#lost : this.#sum;
  }
}
