// Threefry-2x32 with 20 rounds, sixteen counters at once. Knows nothing of masks.
//
// Four chains (a, b, c, d) of four lanes. A round of one chain waits for the round before it; with four chains in turn
// the processor always has something to do: 0.073 ns a bit with one chain, 0.048 with four, 0.045 with six or eight
// (one core at 2.8 GHz), which no longer fit the registers of most machines.
//
// Decorators are AssemblyScript; TypeScript takes none of functions: hence each `@ts-ignore: decorator`.

import { base, SCHEDULE, WORDS } from "./layout";

/** Key-schedule parity constant of Threefish (Skein 1.3), low 32 bits. */
const PARITY: u32 = 0x1bd11bda;

/** The two key words of the present key: what the counter's words are added to at the start. */
export let key0: u32 = 0;
export let key1: u32 = 0;

/**
 * Writes the key schedule. Injection j (1 to 5) adds schedule word j mod 3 to x0, and word j + 1 mod 3, plus j, to
 * x1.
 */
export function setKey(word0: u32, word1: u32): void {
  const word2 = word0 ^ word1 ^ PARITY;
  key0 = word0;
  key1 = word1;
  v128.store(base, i32x4.splat(word1), SCHEDULE);
  v128.store(base, i32x4.splat(word2 + 1), SCHEDULE + 16);
  v128.store(base, i32x4.splat(word2), SCHEDULE + 32);
  v128.store(base, i32x4.splat(word0 + 2), SCHEDULE + 48);
  v128.store(base, i32x4.splat(word0), SCHEDULE + 64);
  v128.store(base, i32x4.splat(word1 + 3), SCHEDULE + 80);
  v128.store(base, i32x4.splat(word1), SCHEDULE + 96);
  v128.store(base, i32x4.splat(word2 + 4), SCHEDULE + 112);
  v128.store(base, i32x4.splat(word2), SCHEDULE + 128);
  v128.store(base, i32x4.splat(word0 + 5), SCHEDULE + 144);
}

// @ts-ignore: decorator
@inline function add(x: v128, y: v128): v128 {
  return i32x4.add(x, y);
}

/** `x` rotated to the left, then xor `y`. Rotations by whole bytes are one shuffle in place of three operations. */
// @ts-ignore: decorator
@inline function mix(x: v128, y: v128, distance: i32): v128 {
  if (distance == 16) return v128.xor(v128.shuffle<i8>(x, x, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13), y);
  if (distance == 24) return v128.xor(v128.shuffle<i8>(x, x, 1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12), y);
  return v128.xor(v128.or(i32x4.shl(x, distance), i32x4.shr_u(x, 32 - distance)), y);
}

/**
 * Hashes sixteen counters to WORDS. `counters` holds their low words with the second key word added,
 * `first` their common high word with the first key word added.
 *
 * Inputs and results pass through memory: a function returns one vector, and the loads and stores are free beside
 * some 400 vector operations.
 */
export function hash(counters: usize, first: v128): void {
  let a0 = first, b0 = first, c0 = first, d0 = first;
  let a1 = v128.load(counters), b1 = v128.load(counters, 16);
  let c1 = v128.load(counters, 32), d1 = v128.load(counters, 48);
  let word0: v128, word1: v128;
  let schedule = base + SCHEDULE;
  // 4 rounds, then 8 twice: the distances repeat after eight rounds, injections come after every fourth.
  for (const last = schedule + 4 * 32; ; schedule += 2 * 32) {
    a0 = add(a0, a1); b0 = add(b0, b1); c0 = add(c0, c1); d0 = add(d0, d1);
    a1 = mix(a1, a0, 13); b1 = mix(b1, b0, 13); c1 = mix(c1, c0, 13); d1 = mix(d1, d0, 13);
    a0 = add(a0, a1); b0 = add(b0, b1); c0 = add(c0, c1); d0 = add(d0, d1);
    a1 = mix(a1, a0, 15); b1 = mix(b1, b0, 15); c1 = mix(c1, c0, 15); d1 = mix(d1, d0, 15);
    a0 = add(a0, a1); b0 = add(b0, b1); c0 = add(c0, c1); d0 = add(d0, d1);
    a1 = mix(a1, a0, 26); b1 = mix(b1, b0, 26); c1 = mix(c1, c0, 26); d1 = mix(d1, d0, 26);
    a0 = add(a0, a1); b0 = add(b0, b1); c0 = add(c0, c1); d0 = add(d0, d1);
    a1 = mix(a1, a0, 6); b1 = mix(b1, b0, 6); c1 = mix(c1, c0, 6); d1 = mix(d1, d0, 6);
    word0 = v128.load(schedule); word1 = v128.load(schedule, 16);
    a0 = add(a0, word0); b0 = add(b0, word0); c0 = add(c0, word0); d0 = add(d0, word0);
    a1 = add(a1, word1); b1 = add(b1, word1); c1 = add(c1, word1); d1 = add(d1, word1);
    if (schedule == last) break;
    a0 = add(a0, a1); b0 = add(b0, b1); c0 = add(c0, c1); d0 = add(d0, d1);
    a1 = mix(a1, a0, 17); b1 = mix(b1, b0, 17); c1 = mix(c1, c0, 17); d1 = mix(d1, d0, 17);
    a0 = add(a0, a1); b0 = add(b0, b1); c0 = add(c0, c1); d0 = add(d0, d1);
    a1 = mix(a1, a0, 29); b1 = mix(b1, b0, 29); c1 = mix(c1, c0, 29); d1 = mix(d1, d0, 29);
    a0 = add(a0, a1); b0 = add(b0, b1); c0 = add(c0, c1); d0 = add(d0, d1);
    a1 = mix(a1, a0, 16); b1 = mix(b1, b0, 16); c1 = mix(c1, c0, 16); d1 = mix(d1, d0, 16);
    a0 = add(a0, a1); b0 = add(b0, b1); c0 = add(c0, c1); d0 = add(d0, d1);
    a1 = mix(a1, a0, 24); b1 = mix(b1, b0, 24); c1 = mix(c1, c0, 24); d1 = mix(d1, d0, 24);
    word0 = v128.load(schedule, 32); word1 = v128.load(schedule, 48);
    a0 = add(a0, word0); b0 = add(b0, word0); c0 = add(c0, word0); d0 = add(d0, word0);
    a1 = add(a1, word1); b1 = add(b1, word1); c1 = add(c1, word1); d1 = add(d1, word1);
  }
  v128.store(base, a0, WORDS); v128.store(base, a1, WORDS + 16);
  v128.store(base, b0, WORDS + 32); v128.store(base, b1, WORDS + 48);
  v128.store(base, c0, WORDS + 64); v128.store(base, c1, WORDS + 80);
  v128.store(base, d0, WORDS + 96); v128.store(base, d1, WORDS + 112);
}
