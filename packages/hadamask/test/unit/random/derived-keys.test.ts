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

test("misuse", () => {
  expect(() => passKey(key(1), -1)).toThrow("passKey: pass must be a whole number in [0, 2^53), got -1");
  expect(() => sampleKey(key(1), 0.5)).toThrow("sampleKey: sampleId must be a whole number in [0, 2^53), got 0.5");
  expect(() => siteKey(key(1), 3 as unknown as string)).toThrow("siteKey: name must be a text, got 3");
  expect(() => siteKey(undefined as never, "a")).toThrow(
    "siteKey: key is missing; pass one made with key(seed), for instance key(42)",
  );
});
