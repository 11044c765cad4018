// What PyTorch makes of the words of MT19937: the LOW bits. Knows no tensor and no layer.

import type { PackedMask } from "../types.js";
import type { PairLayout } from "./fast.js";
import type { Mt19937 } from "./mt19937.js";
import { belowPairs } from "./mt19937-decisions.js";

/** A float32 uniform: the low 24 bits of a word. */
export const low24 = (word: number): number => (word & 0xffffff) * 2 ** -24;

/** A float64 uniform: the low 53 bits of two words, the first as the high half. */
export const low53 = (first: number, second: number): number => ((first & 0x1fffff) * 2 ** 32 + second) * 2 ** -53;

/** Where the bits of {@link low53} are. */
const LOW53: PairLayout = { shiftHigh: 0, maskHigh: 0x1fffff, shiftLow: 0, lowBits: 32 };

/** Decisions `low53 < keep`, two words an element. */
export const below53 = (mt: Mt19937, n: number, keep: number): PackedMask => belowPairs(mt, n, keep, LOW53);
