// What every foreign stream owes to a layer: calls follow one another, and a snapshot is plain data that brings one
// back.
import { Dropout, unpackMask } from "hadamask";
import { createStream, STREAM_NAMES, type StreamName, torchCpu } from "hadamask/streams";
import { describe, expect, test } from "vitest";

/** Streams whose seed gives one mask, as their framework has it. */
const REPEATING: readonly StreamName[] = ["jax", "jax-legacy", "equinox", "tensorflow-stateless", "tfjs"];

const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value));

describe.each(STREAM_NAMES)("%s", (name) => {
  test("goes by its name", () => {
    expect(createStream(name, 1).name).toBe(name);
  });

  test("gives the same masks for the same seed and other ones for another", () => {
    const draw = (seed: number) => createStream(name, seed).keepMask(500, { rate: 0.4 });
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
  });

  test("packs n decisions into ceil(n / 32) words, with zeros past the last", () => {
    for (const n of [0, 1, 31, 32, 33, 257]) {
      const mask = createStream(name, 5).keepMask(n, { rate: 0.5 });
      expect(mask).toBeInstanceOf(Uint32Array);
      expect(mask.length).toBe(Math.ceil(n / 32));
      if (n % 32 !== 0) expect(mask[mask.length - 1]! >>> (n % 32)).toBe(0);
    }
  });

  test.each([
    [0, 1],
    [1, 0],
  ])("keeps nothing else at rate %d", (rate, bit) => {
    const mask = createStream(name, 6).keepMask(100, { rate });
    expect([...unpackMask(mask, 100)].every((kept) => kept === bit)).toBe(true);
  });

  test(REPEATING.includes(name) ? "repeats its mask at every call" : "goes on from call to call", () => {
    const stream = createStream(name, 7);
    const [first, second] = [stream.keepMask(200, { rate: 0.5 }), stream.keepMask(200, { rate: 0.5 })];
    if (REPEATING.includes(name)) expect(second).toEqual(first);
    else expect(second).not.toEqual(first);
  });

  test("comes back to a snapshot that went through JSON, in the middle of a block", () => {
    const stream = createStream(name, 8);
    stream.uniforms(3);
    stream.keepMask(5, { rate: 0.5 });
    const saved = throughJson(stream.snapshot());
    const [mask, uniforms] = [stream.keepMask(333, { rate: 0.2 }), stream.uniforms(11)];
    const other = createStream(name, 8);
    other.keepMask(40, { rate: 0.5 });
    other.restore(saved);
    expect(other.keepMask(333, { rate: 0.2 })).toEqual(mask);
    expect(other.uniforms(11)).toEqual(uniforms);
  });

  test("refuses the snapshot of another stream", () => {
    const stream = createStream(name, 9);
    const other = createStream(name === "torch" ? "numpy" : "torch", 9).snapshot();
    expect(() => stream.restore(other)).toThrow(
      new TypeError(`restore: snapshot must be of stream "${name}", got "${other.stream}"`),
    );
  });

  test("restores a snapshot of another seed, or says that it is one", () => {
    const saved = createStream(name, 13).snapshot();
    const other = createStream(name, 14);
    let message = "";
    try {
      other.restore(saved);
    } catch (error) {
      message = (error as Error).message;
    }
    if (message !== "") expect(message).toMatch(/^restore: snapshot must be of a stream with (seed|first|key) /);
    else expect(other.keepMask(90, { rate: 0.5 })).toEqual(createStream(name, 13).keepMask(90, { rate: 0.5 }));
  });

  test("takes keep in place of rate, and neither both nor none nor a rate out of range", () => {
    const draw = (request: object) => createStream(name, 10).keepMask(64, request as { rate: number });
    expect(draw({ keep: 0.75 })).toEqual(draw({ rate: 0.25 }));
    expect(() => draw({})).toThrow(/rate is missing/);
    expect(() => draw({ rate: 0.5, keep: 0.5 })).toThrow(/either rate or keep/);
    expect(() => draw({ rate: Number.NaN })).toThrow(/rate must be in \[0, 1\], got NaN/);
    expect(() => draw({ rate: 50 })).toThrow(/pass 0.5 for 50 %/);
  });

  test("says how it multiplies, or that its framework has no dropout", () => {
    const arithmetic = createStream(name, 11).arithmetic({ rate: 0.1 });
    if (name.startsWith("numpy")) expect(arithmetic).toBeUndefined();
    else expect(arithmetic!.factor).toBe(Math.fround(arithmetic!.factor)); // float32 unless asked otherwise
  });

  test("stands where a key can stand in a layer, whose state holds it", () => {
    const x = Float32Array.from({ length: 100 }, (_, i) => i + 1);
    const layer = new Dropout({ rate: 0.5, stream: createStream(name, 12) });
    layer.forward(x);
    const state = throughJson(layer.state);
    const y = layer.forward(x);
    const expected = unpackMask(layer.mask!, 100);
    expect([...y].map(Math.sign)).toEqual([...expected]);
    expect([...layer.backward(x)]).toEqual([...y]); // linear, and the same mask: dy = x gives y again
    const resumed = Dropout.fromState(state, { stream: createStream(name, 12) });
    expect(resumed.forward(x)).toEqual(y);
  });
});

describe("createStream", () => {
  test("names what there is when a name is unknown", () => {
    expect(() => createStream("theano" as "torch", 1)).toThrow(
      new RangeError(`createStream: name must be one of ${STREAM_NAMES.join(", ")}, got "theano"`),
    );
    expect(() => createStream("toString" as "torch", 1)).toThrow(RangeError);
  });
});

describe("two layers on one stream", () => {
  test("draw from it in the order of their calls, as modules in PyTorch do", () => {
    const stream = torchCpu(42);
    const [a, b] = [new Dropout({ rate: 0.5, stream }), new Dropout({ rate: 0.2, stream })];
    const ones = new Float32Array(50).fill(1);
    const alone = torchCpu(42);
    expect(a.forward(ones)).toEqual(alone.dropout(ones, { rate: 0.5 }));
    expect(b.forward(ones)).toEqual(alone.dropout(ones, { rate: 0.2 }));
    expect(a.forward(ones)).toEqual(alone.dropout(ones, { rate: 0.5 }));
  });

  test("multiply as we do where that is asked for: the last bit of some products differs", () => {
    const x = Float32Array.from({ length: 1000 }, (_, i) => 1 / (i + 1));
    const theirs = new Dropout({ rate: 0.1, stream: torchCpu(1) }).forward(x);
    const ours = new Dropout({ rate: 0.1, stream: torchCpu(1), arithmetic: "ours" }).forward(x);
    const scale = Math.fround(1 / (1 - 0.1));
    expect([...ours].map((y, i) => y === 0 || y === Math.fround(x[i]! * scale))).not.toContain(false);
    expect([...theirs].map((y) => y === 0)).toEqual([...ours].map((y) => y === 0));
  });
});
