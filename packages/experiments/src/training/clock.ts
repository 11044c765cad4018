// How long a run has worked, however often it stood still. Knows no network.

/** The time that a run has worked: it stands still while the run does. */
export class Clock {
  #before: number;
  #since: number | undefined = performance.now();

  constructor(seconds: number) {
    this.#before = seconds;
  }

  get seconds(): number {
    return this.#before + (this.#since === undefined ? 0 : (performance.now() - this.#since) / 1000);
  }

  stop(): void {
    this.#before = this.seconds;
    this.#since = undefined;
  }

  start(): void {
    this.#since = performance.now();
  }
}
