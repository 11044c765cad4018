import { Dropout, dropout, key, passKey, sampleKey, siteKey } from "hadamask";
import { expect, test } from "vitest";

const x = Float32Array.from({ length: 40 }, (_, i) => i + 1);

test("a pass key and a sample key give the masks of a layer in mode sample, row by row", () => {
  const layer = new Dropout({ rate: 0.3, key: key(7), mode: "sample" });
  const y = layer.forward(x, { pass: 5, sampleIds: [12, 3] });
  const rows = [12, 3].map((id, b) => {
    const row = x.subarray(20 * b, 20 * (b + 1));
    return [...dropout(row, { rate: 0.3, key: sampleKey(passKey(key(7), 5), id) })];
  });
  expect([...y]).toEqual(rows.flat());
});

test("places with different names, passes and ids have different keys", () => {
  const base = key(1);
  const keys = [
    siteKey(base, "a"),
    siteKey(base, "b"),
    siteKey(base, ""),
    passKey(base, 0),
    passKey(base, 1),
    sampleKey(base, 0),
  ];
  expect(new Set(keys.map(String)).size).toBe(keys.length);
});

// Made by `site_key(key(7), name)` of docs/stream.py; the names end at every place in a word of four bytes.
test.each([
  ["", 3129332658, 924933954],
  ["a", 127517234, 3751407778],
  ["ab", 2684965155, 393919312],
  ["abc", 3357827833, 2555683949],
  ["abcd", 4286131693, 1034512474],
  ["abcde", 3010297507, 3478156095],
  ["encoder/attention", 519371261, 2135585429],
  ["层", 1950218799, 3370405128],
] as const)("the key of a place called %j is that of mask stream 1", (name, first, second) => {
  expect(siteKey(key(7), name)).toEqual([first, second]);
});

test("misuse", () => {
  expect(() => passKey(key(1), -1)).toThrow("passKey: pass must be a whole number in [0, 2^53), got -1");
  expect(() => sampleKey(key(1), 0.5)).toThrow("sampleKey: sampleId must be a whole number in [0, 2^53), got 0.5");
  expect(() => siteKey(key(1), 3 as unknown as string)).toThrow("siteKey: name must be a text, got 3");
  expect(() => siteKey(undefined as never, "a")).toThrow(
    "siteKey: key is missing; pass one made with key(seed), for instance key(42)",
  );
});
