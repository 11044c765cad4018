// Word and embedding dropout: what is tied, and what a decision depends on.

import { EmbeddingDropout, foldIn, keepMask, key, sampleKey, unpackMask, WordDropout } from "hadamask";
import { describe, expect, test } from "vitest";
import { deriveKey, TAG } from "../../../src/random/derive.js";
import { binomialBounds, FALSE_ALARM } from "../../support/bounds.js";

const UNKNOWN = 0;
const stepKey = (step: number) => deriveKey(key(1), TAG.step, step);
const words = (options: object = {}) => new WordDropout({ rate: 0.5, replacement: UNKNOWN, key: key(1), ...options });

/** Sequences of words 1 to 50, with repetitions. */
const TEXT = Array.from({ length: 6 * 40 }, (_, i) => 1 + ((i * i * 7 + 3 * i) % 50));
const SHAPE = [6, 40];

describe("a word's decision", () => {
  test("is the element of the mask with its number, under the key of its sequence", () => {
    const y = words().forward(TEXT, { shape: SHAPE, step: 4 });
    TEXT.forEach((word, i) => {
      const mask = keepMask(1, { rate: 0.5, key: sampleKey(stepKey(4), Math.floor(i / 40)), offset: word });
      expect(y[i]).toBe(mask[0] === 1 ? word : UNKNOWN);
    });
  });

  test("is the same wherever the word stands in its sequence, and differs between sequences", () => {
    const y = words().forward(TEXT, { shape: SHAPE });
    const decisions = new Map<string, boolean>();
    TEXT.forEach((word, i) => {
      const place = `${Math.floor(i / 40)}:${word}`;
      const isKept = y[i] === word;
      expect(decisions.get(place) ?? isKept).toBe(isKept);
      decisions.set(place, isKept);
    });
    const ofWord1 = [0, 1, 2, 3, 4, 5]
      .map((n) => decisions.get(`${n}:${TEXT[0]}`))
      .filter((kept) => kept !== undefined);
    expect(new Set(ofWord1).size).toBe(2);
  });

  test("does not depend on the order of the words, nor on the other sequences of the batch", () => {
    const y = words().forward(TEXT.slice(0, 40), { shape: [1, 40], sampleIds: [77], step: 0 });
    const reversed = words().forward(TEXT.slice(0, 40).reverse(), { shape: [1, 40], sampleIds: [77], step: 0 });
    expect([...reversed].reverse()).toEqual([...y]);
    const both = [...TEXT.slice(40, 80), ...TEXT.slice(0, 40)];
    const batch = words().forward(both, { shape: [2, 40], sampleIds: [3, 77], step: 0 });
    expect([...batch.slice(40)]).toEqual([...y]);
  });

  test("with ties in the batch is one for all sequences", () => {
    const y = words({ tie: "batch" }).forward(TEXT, { shape: SHAPE, step: 2 });
    const mask = unpackMask(keepMask(51, { rate: 0.5, key: stepKey(2) }), 51);
    TEXT.forEach((word, i) => {
      expect(y[i]).toBe(mask[word] === 1 ? word : UNKNOWN);
    });
  });

  test("without ties belongs to the place", () => {
    const y = words({ tie: "none" }).forward(new Array<number>(2000).fill(5), { shape: [1, 2000], step: 0 });
    const mask = unpackMask(keepMask(2000, { rate: 0.5, key: sampleKey(stepKey(0), 0) }), 2000);
    expect([...y]).toEqual(Array.from(mask, (bit) => (bit === 1 ? 5 : UNKNOWN)));
    const [low, high] = binomialBounds(2000, 0.5, FALSE_ALARM);
    const kept = y.filter((word) => word === 5).length;
    expect(kept >= low && kept <= high).toBe(true);
  });

  test("is the same in word dropout and embedding dropout of one key", () => {
    const y = words().forward(TEXT, { shape: SHAPE, step: 9 });
    const embedded = new EmbeddingDropout({ rate: 0.5, key: key(1) }).forward(new Float64Array(TEXT.length).fill(1), {
      shape: [...SHAPE, 1],
      words: TEXT,
      step: 9,
    });
    expect(Array.from(embedded, Number)).toEqual(Array.from(y, (word) => (word === UNKNOWN ? 0 : 2)));
  });

  test("works for words with numbers near 2^53", () => {
    const big = 2 ** 53 - 2;
    const layer = new EmbeddingDropout({ rate: 0.5, key: foldIn(key(1), 1) });
    const y = layer.forward([1, 1], { shape: [1, 2, 1], words: [big, big] });
    expect(y[0]).toBe(y[1]);
  });
});

describe("WordDropout", () => {
  test("changes nothing in eval and at rate 0, and all but exempt words at rate 1", () => {
    expect([...words({ mode: "eval" }).forward([1, 2, 3], { shape: [1, 3] })]).toEqual([1, 2, 3]);
    expect([...words({ rate: 0 }).forward([1, 2, 3], { shape: [1, 3] })]).toEqual([1, 2, 3]);
    const all = words({ rate: 1, exempt: [2] });
    expect([...all.forward([1, 2, 3, 2], { shape: [2, 2] })]).toEqual([UNKNOWN, 2, UNKNOWN, 2]);
    expect([...unpackMask(all.mask!, 4)]).toEqual([0, 1, 0, 1]);
  });

  test("writes in place, and goes on from its state", () => {
    const layer = words({ exempt: [7] });
    const text = Int32Array.from(TEXT);
    layer.forward(TEXT, { shape: SHAPE });
    const resumed = WordDropout.fromState(JSON.parse(JSON.stringify(layer)));
    expect(layer.forward(text, { shape: SHAPE, out: text })).toBe(text);
    expect(resumed.forward(TEXT, { shape: SHAPE })).toEqual(text);
    expect(resumed.state).toEqual(layer.state);
    expect(String(layer)).toBe(
      "WordDropout(rate 0.5, replacement 0, tie sequence, exempt [7], mode train, step 2, pass 0)",
    );
  });

  test("takes the rate of a schedule between passes", () => {
    const layer = words();
    layer.rate = 0;
    expect([...layer.forward([1, 2], { shape: [1, 2] })]).toEqual([1, 2]);
    expect([layer.rate, layer.keep]).toEqual([0, 1]);
  });

  test.each([
    [() => words({ replacement: undefined }), "WordDropout: replacement must be a whole number, got undefined"],
    [
      () => words({ replacement: 2 ** 31 }),
      "WordDropout: replacement must be a whole number in [0, 2147483648), got 2147483648",
    ],
    [() => words({ tie: "word" }), 'WordDropout: tie must be "sequence", "batch" or "none", got "word"'],
    [() => words({ exempt: 3 }), "WordDropout: exempt must be an array of whole numbers, got 3"],
    [() => words({ exempt: [-3] }), "WordDropout: exempt[0] must be a whole number in [0, 2^53), got -3"],
    [() => words({ rate: 2 }), "WordDropout: rate must be in [0, 1], got 2; pass 0.02 for 2 %"],
    [
      () => words().forward([1], { shape: [2, 1] }),
      "WordDropout.forward: words must have 2 elements for shape [2,1], got 1",
    ],
    [
      () => words().forward([1], {} as never),
      "WordDropout.forward: shape is missing; pass { shape }, the lengths of the axes of x, [sequences,words]",
    ],
    [
      () => words().forward([2 ** 31], { shape: [1, 1] }),
      "WordDropout.forward: words[0] must be a whole number in [0, 2147483648), got 2147483648",
    ],
    [
      () => words().forward([1], { shape: [1, 1], out: new Float64Array(1) as never }),
      "WordDropout.forward: out must be an Int32Array, got Float64Array of 1",
    ],
    [
      () => words().forward([1, 2], { shape: [1, 2], mask: [1] }),
      "WordDropout.forward: mask must have 2 elements like the input, got 1",
    ],
  ])("%# says what is wrong", (call, message) => {
    expect(call).toThrowError(expect.objectContaining({ message }));
  });
});
