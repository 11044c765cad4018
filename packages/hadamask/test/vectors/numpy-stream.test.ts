// NumPy's streams against vectors made with NumPy 2.4.6 (streams/numpy-legacy.json, streams/numpy-generator.json).
import { type BitGeneratorName, below, numpyGenerator, numpyLegacy } from "hadamask/streams";
import { describe, expect, test } from "vitest";
import { bitsHex, dtypeOf, maskHex, readVectors, sizeOf, title } from "./stream-vectors.js";

describe("numpy-legacy: public vectors", () => {
  test.each(readVectors("numpy-legacy").cases.map((c) => [title(c), c] as const))("%s", (_, c) => {
    const stream = numpyLegacy(Array.isArray(c.seed) ? c.seed.map(BigInt) : BigInt(c.seed));
    for (const op of c.ops) {
      const n = sizeOf(op.shape);
      const keep = op.keep!;
      if (op.op === "binomial") {
        expect({ mask: maskHex(stream.binomial(n, keep), n) }).toEqual(op.expect);
        continue;
      }
      const before = stream.snapshot();
      const u = stream.rand(n);
      stream.restore(before);
      const got = { mask: maskHex(stream.keepMask(n, { keep }), n), first: bitsHex(u.slice(0, 3)) };
      expect(got).toEqual(op.expect);
    }
  });
});

describe("numpy: public vectors", () => {
  test.each(readVectors("numpy-generator").cases.map((c) => [`${c.bitgen}, ${title(c)}`, c] as const))("%s", (_, c) => {
    const seed = Array.isArray(c.seed) ? c.seed.map(BigInt) : BigInt(c.seed);
    const bitGenerator = c.bitgen as BitGeneratorName;
    const stream = numpyGenerator(seed, { bitGenerator });
    const single = numpyGenerator(seed, { bitGenerator, dtype: "float32" });
    for (const op of c.ops) {
      const n = sizeOf(op.shape);
      const dtype = dtypeOf(op);
      // The mask is drawn by a stream made for the dtype, which starts where the other one stands.
      single.restore(stream.snapshot());
      const u = stream.random(n, { dtype });
      const threshold = dtype === "float32" ? Math.fround(op.keep!) : op.keep!;
      expect({ mask: maskHex(below(u, threshold), n), first: bitsHex(u.slice(0, 3)) }).toEqual(op.expect);
      if (dtype === "float32") expect(maskHex(single.keepMask(n, { keep: op.keep! }), n)).toBe(op.expect.mask);
    }
  });
});
