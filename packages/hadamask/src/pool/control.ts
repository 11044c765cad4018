// The words through which the threads of a pool agree on who does what. Knows no arrays and no worker.
//
// A job is cut into pieces; whoever is free claims the next one. The claim word holds the job's number in its upper
// 24 bits and the number of the next piece in its lower 8, and moves on by compare and exchange only. So a thread
// that wakes late, and may have read a mixture of two jobs, cannot claim anything: the number it has seen is no
// longer there.

/** Places in the control words. */
export const CONTROL = {
  /** The number of the present job; workers sleep on it. */
  job: 0,
  /** See above. */
  claim: 1,
  /** Pieces of the present job that are done; whoever waits for the job sleeps on it. */
  done: 2,
  /** 1 when the pool closes. */
  closed: 3,
  /** 1 if a piece of the present job failed. */
  failed: 4,
  /** 1 if whoever finishes the present job is to report it. */
  report: 5,
  length: 6,
} as const;

/** Places in the numbers that describe a job. */
export const JOB = {
  /** Index in the list of functions that draw. */
  name: 0,
  key0: 1,
  key1: 2,
  T: 3,
  x: 4,
  out: 5,
  n: 6,
  size: 7,
  offset: 8,
  perBlock: 9,
  a: 10,
  b: 11,
  /** Elements of a piece, and how many pieces there are. */
  piece: 12,
  pieces: 13,
  length: 14,
} as const;

/** The number of pieces that fit the lower part of the claim word, which is all ones while a job is not open yet. */
export const MOST_PIECES = 0xfe;

/** The claim word of a job: its number, and the next piece. */
export function claimWord(job: number, piece: number): number {
  return (job << 8) | piece;
}

/** Claims the next piece of job number `job`; -1 if none is left, or if that is no longer the present job. */
export function claimPiece(control: Int32Array, job: number, pieces: number): number {
  for (;;) {
    const claim = Atomics.load(control, CONTROL.claim);
    const piece = claim & 0xff;
    if (claim >> 8 !== (job << 8) >> 8 || piece >= pieces) return -1;
    if (Atomics.compareExchange(control, CONTROL.claim, claim, claim + 1) === claim) return piece;
  }
}
