// Every stream is recognised by its masks, and nothing else is taken for one.

import { Dropout, keepMask, key, unpackMask } from "hadamask";
import { identifyStream, WHOLE_ONLY } from "hadamask/doctor";
import { createStream, numpyLegacy, STREAM_NAMES, type StreamName, torchCpu } from "hadamask/streams";
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

  test.each(STREAM_NAMES)("recognises what was cut out of the second mask of %s, where it can", (name) => {
    const stream = createStream(name, 7);
    stream.keepMask(100, { rate: 0.3 });
    const part = unpackMask(stream.keepMask(3000, { rate: 0.3 }), 3000).subarray(1237, 1237 + 1500);
    const found = identifyStream(part, { rate: 0.3, seeds: [6, 7], calls: 1, before: 1400 });
    if (WHOLE_ONLY.includes(name)) {
      expect(found).toEqual([]);
      return;
    }
    const hit = found.find((hit) => hit.stream === name && hit.seed === 7)!;
    // NumPy and PyTorch on the CPU count from the seed.
    expect(hit.offset).toBe(["numpy", "numpy-legacy", "torch"].includes(name) ? 1337 : 1237);
    const again = createStream(hit.stream as StreamName, hit.seed, { dtype: hit.dtype });
    for (let call = 0; call < hit.call; call++) again.keepMask(100, { rate: 0.3, dtype: hit.dtype });
    const whole = unpackMask(again.keepMask(hit.offset! + 1500, { rate: 0.3, dtype: hit.dtype }), hit.offset! + 1500);
    expect(whole.subarray(hit.offset)).toEqual(part);
  });

  test("recognises parts of ours, and of streams that gave another word before", () => {
    const options = { rate: 0.3, seeds: [42], calls: 0, before: 200 };
    const ours = unpackMask(keepMask(N, { rate: 0.3, key: key(42) }), N).subarray(133);
    expect(identifyStream(ours, options)).toMatchObject([{ stream: "hadamask", call: 0, as: "mask", offset: 133 }]);
    const [torch, numpy] = [torchCpu(42), numpyLegacy(42)];
    torch.skip(3);
    numpy.permutation(2);
    const part = (mask: Uint32Array) => unpackMask(mask, N).subarray(100);
    expect(identifyStream(part(torch.keepMask(N, { rate: 0.3 })), options)).toMatchObject([
      { stream: "torch", offset: 101, oddWord: true },
    ]);
    expect(identifyStream(part(numpy.keepMask(N, { rate: 0.3 })), options)).toMatchObject([
      { stream: "numpy-legacy", offset: 100, oddWord: true },
    ]);
  });

  test("looks for parts only where chance finds none, and only as far as it is told", () => {
    const mask = unpackMask(createStream("torch", 7).keepMask(N, { rate: 0.05 }), N);
    const options = { rate: 0.05, seeds: [7], calls: 0 };
    expect(identifyStream(mask.subarray(50, 50 + 400), options)).toMatchObject([{ stream: "torch", offset: 50 }]);
    expect(identifyStream(mask.subarray(50, 50 + 64), options)).toEqual([]); // some place agrees anyway
    expect(identifyStream(mask.subarray(50, 50 + 400), { ...options, before: 49 })).toEqual([]);
    expect(identifyStream(mask.subarray(50, 50 + 400), { ...options, before: 0 })).toEqual([]);
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
    expect(() => identifyStream(new Uint8Array(64), { rate: 0.5, before: 0.5 })).toThrow("identifyStream: before");
    expect(() => identifyStream(new Uint8Array(64), { rate: Number.NaN })).toThrow("identifyStream: rate");
  });
});
