// Every stream is recognised by its masks, and nothing else is taken for one.

import { Dropout, keepMask, key, unpackMask } from "hadamask";
import { identifyStream } from "hadamask/doctor";
import { createStream, STREAM_NAMES, type StreamName } from "hadamask/streams";
import { describe, expect, test } from "vitest";

const N = 500;

describe("identifyStream", () => {
  test.each(STREAM_NAMES)("recognises the third mask of %s", (name) => {
    const stream = createStream(name, 7);
    for (let call = 0; call < 2; call++) stream.keepMask(N, { rate: 0.3 });
    const mask = stream.keepMask(N, { rate: 0.3 });
    const found = identifyStream(unpackMask(mask, N), { rate: 0.3, seeds: [6, 7] });
    expect(found.filter((hit) => hit.stream === name && hit.seed === 7 && hit.call <= 2)).not.toEqual([]);
    // Beside it only streams that give the same mask: Equinox on JAX, Keras on PyTorch, which adds the call to the
    // seed.
    for (const hit of found) {
      const { dtype } = hit;
      const again = createStream(hit.stream as StreamName, hit.seed, { dtype });
      for (let call = 0; call < hit.call; call++) again.keepMask(N, { rate: 0.3, dtype });
      expect(again.keepMask(N, { rate: 0.3, dtype })).toEqual(mask);
    }
  });

  test("recognises ours: a mask, a training step, a pass at prediction", () => {
    const k = key(42);
    const options = { rate: 0.3, seeds: [42] };
    expect(identifyStream(unpackMask(keepMask(N, { rate: 0.3, key: k }), N), options)).toEqual([
      { stream: "hadamask", seed: 42, call: 0, as: "mask", dtype: "float32" },
    ]);
    const layer = new Dropout({ rate: 0.3, key: k });
    layer.forward(new Float32Array(N), { step: 2 });
    expect(identifyStream(unpackMask(layer.mask!, N), options)).toMatchObject([
      { stream: "hadamask", call: 2, as: "step" },
    ]);
    layer.mode = "sample";
    layer.forward(new Float32Array(N), { pass: 1 });
    expect(identifyStream(unpackMask(layer.mask!, N), options)).toMatchObject([
      { stream: "hadamask", call: 1, as: "pass" },
    ]);
  });

  test("finds none for a mask of its own making", () => {
    const bits = Array.from({ length: N }, (_, i) => (i * i) % 3 > 0);
    expect(identifyStream(bits, { rate: 0.3 })).toEqual([]);
  });

  test("refuses what proves nothing", () => {
    expect(() => identifyStream([1, 0, 1], { rate: 0.5 })).toThrow(
      "identifyStream: bits must be at least 64 decisions, got 3",
    );
    expect(() => identifyStream(new Uint8Array(64), { rate: 0.5, seed: 7 } as never)).toThrow(
      'identifyStream: unknown option "seed"; did you mean seeds?',
    );
    expect(() => identifyStream(new Uint8Array(64), { rate: 0.5, calls: -1 })).toThrow("identifyStream: calls");
    expect(() => identifyStream(new Uint8Array(64), { rate: Number.NaN })).toThrow("identifyStream: rate");
  });
});
