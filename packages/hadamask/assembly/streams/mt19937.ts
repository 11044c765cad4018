// Decisions from MT19937, two words an element. Knows nothing of where the words come from or what is decided.
//
// Decorators are AssemblyScript; TypeScript takes none of functions: hence each `@ts-ignore: decorator`.

import { MASK, PIECE, RAW, STATE } from "./layout";

const N: i32 = 624;
const M: i32 = 397;

// @ts-ignore: decorator
@inline function at(i: i32): usize {
  return STATE + 4 * <usize>i;
}

/** One word of state from three: the twist, for the places where four at a time do not fit. */
function twistOne(i: i32, next: i32, far: i32): void {
  const following = load<u32>(at(next));
  const joined = (load<u32>(at(i)) & 0x80000000) | (following & 0x7fffffff);
  store<u32>(at(i), load<u32>(at(far)) ^ (joined >> 1) ^ ((0 - (following & 1)) & 0x9908b0df));
}

/**
 * Four words of state. What is read four places on is read before it is written, and the far words are at least 227
 * away.
 */
// @ts-ignore: decorator
@inline function twistFour(i: i32, far: i32): void {
  const word = v128.load(at(i));
  const following = v128.load(at(i + 1));
  const joined = v128.or(
    v128.and(word, i32x4.splat(0x80000000)),
    v128.and(following, i32x4.splat(0x7fffffff)),
  );
  const odd = i32x4.neg(v128.and(following, i32x4.splat(1)));
  const twisted = v128.xor(i32x4.shr_u(joined, 1), v128.and(odd, i32x4.splat(0x9908b0df)));
  v128.store(at(i), v128.xor(v128.load(at(far)), twisted));
}

function twist(): void {
  let i = 0;
  for (; i <= N - M - 4; i += 4) twistFour(i, i + M);
  for (; i < N - M; i++) twistOne(i, i + 1, i + M);
  for (; i <= N - 5; i += 4) twistFour(i, i + M - N);
  for (; i < N - 1; i++) twistOne(i, i + 1, i + M - N);
  twistOne(N - 1, 0, M - 1);
}

// @ts-ignore: decorator
@inline function temper(word: v128): v128 {
  let y = v128.xor(word, i32x4.shr_u(word, 11));
  y = v128.xor(y, v128.and(i32x4.shl(y, 7), i32x4.splat(0x9d2c5680)));
  y = v128.xor(y, v128.and(i32x4.shl(y, 15), i32x4.splat(0xefc60000)));
  return v128.xor(y, i32x4.shr_u(y, 18));
}

/** Moves the next `words` words of state to RAW, twisting where they run out; returns which word comes next. */
function draw(next: i32, words: i32): i32 {
  let done = 0;
  while (done < words) {
    if (next == N) {
      twist();
      next = 0;
    }
    const count = min(N - next, words - done);
    memory.copy(RAW + 4 * <usize>done, at(next), 4 * <usize>count);
    done += count;
    next += count;
  }
  return next;
}

/**
 * Writes to MASK whether (first >> shiftHigh) & maskHigh, second >> shiftLow is below highT, lowT, for the two words
 * of each of n elements. The low half is looked at only where the high half ties.
 */
export function mtDecisions(
  next: i32, n: i32, shiftHigh: i32, maskHigh: i32, shiftLow: i32, highT: i32, lowT: i32,
): i32 {
  const highThreshold = i32x4.splat(highT), lowThreshold = i32x4.splat(lowT), mask = i32x4.splat(maskHigh);
  for (let start = 0; start < n; start += PIECE) {
    const count = min(PIECE, n - start);
    next = draw(next, 2 * count);
    for (let i = 0; i < count; i += 32) {
      let bits: u32 = 0;
      for (let k = 0; k < 32; k += 4) {
        const from = RAW + 8 * <usize>(i + k);
        const pair0 = v128.load(from), pair1 = v128.load(from, 16);
        const high = v128.and(i32x4.shr_u(temper(v128.shuffle<i32>(pair0, pair1, 0, 2, 4, 6)), shiftHigh), mask);
        let kept = i32x4.lt_u(high, highThreshold);
        const tied = i32x4.eq(high, highThreshold);
        if (v128.any_true(tied)) {
          const low = i32x4.shr_u(temper(v128.shuffle<i32>(pair0, pair1, 1, 3, 5, 7)), shiftLow);
          kept = v128.or(kept, v128.and(tied, i32x4.lt_u(low, lowThreshold)));
        }
        bits |= i32x4.bitmask(kept) << k;
      }
      store<u32>(MASK + <usize>((start + i) >> 3), bits);
    }
  }
  return next;
}
