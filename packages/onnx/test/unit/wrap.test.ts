import { type Placement, withDropout, writeModel } from "@hadamask/onnx";
import { type WrapOptions, wrap } from "@hadamask/onnx/wrap";
import { key } from "hadamask";
import { describe, expect, test } from "vitest";
import { attr, constant, info, int64s, modelOf, node, weight } from "../support/graphs.js";
import { openSession, ort } from "../support/runtime.js";

/**
 * A text model with a cache, as language models are exported: embedding, dropout behind a ReLU, one attention layer
 * with a causal mask over past and present, and logits of 7 tokens for each new one.
 */
const textModel = modelOf({
  nodes: [
    node("Gather", ["table", "ids"], "e"),
    node("Relu", ["e"], "h"),
    node("MatMul", ["h", "wq"], "q"),
    node("MatMul", ["h", "wk"], "kn"),
    node("MatMul", ["h", "wv"], "vn"),
    node("Concat", ["past_k", "kn"], "present_k", [attr("axis", 1)]),
    node("Concat", ["past_v", "vn"], "present_v", [attr("axis", 1)]),
    node("Transpose", ["present_k"], "kt", [attr("perm", [0, 2, 1])]),
    node("MatMul", ["q", "kt"], "scores"),
    node("Shape", ["scores"], "shape"),
    node("ConstantOfShape", ["shape"], "noughts"),
    node("Add", ["noughts", "unit"], "ones"),
    node("Shape", ["past_k"], "past_shape"),
    node("Gather", ["past_shape", "first"], "past"),
    node("Trilu", ["ones", "past"], "seen", [attr("upper", 0)]),
    node("Sub", ["unit", "seen"], "unseen"),
    node("Mul", ["unseen", "huge"], "penalty"),
    node("Sub", ["scores", "penalty"], "masked"),
    node("Softmax", ["masked"], "a", [attr("axis", -1)]),
    node("MatMul", ["a", "present_v"], "mixed"),
    node("Tanh", ["mixed"], "t"),
    node("Add", ["t", "h"], "sum"),
    node("MatMul", ["sum", "wo"], "logits"),
  ],
  weights: [
    weight("table", [7, 6], 1, 1),
    ...["wq", "wk", "wv"].map((name, i) => weight(name, [6, 6], 0.5, i + 2)),
    weight("wo", [6, 7], 1, 9),
    constant("unit", [], [1]),
    constant("huge", [], [1e9]),
    int64s("first", [1], []),
  ],
  inputs: [
    info("ids", ["batch", "new"], 7),
    info("past_k", ["batch", "past", 6]),
    info("past_v", ["batch", "past", 6]),
  ],
  outputs: [
    info("logits", ["batch", "new", 7]),
    info("present_k", ["batch", "all", 6]),
    info("present_v", ["batch", "all", 6]),
  ],
});

const open = async (placement: Placement, options: Partial<WrapOptions> = {}) => {
  const { model, sites } = withDropout(textModel, placement, { shapes: true });
  const session = await openSession(writeModel(model));
  return { session, wrapped: wrap(session, { ort, sites, key: key(3), ...options }) };
};

const ids = (...tokens: number[]) => new ort.Tensor("int64", BigInt64Array.from(tokens, BigInt), [1, tokens.length]);
const empty = () => new ort.Tensor("float32", new Float32Array(0), [1, 0, 6]);
const TOKENS = [3, 1, 4, 1, 5];

/** The logits of a text token by token, with a cache; `pieces`: how many tokens each call has. */
async function read(wrapped: ReturnType<typeof wrap>, pieces: readonly number[]): Promise<number[]> {
  let [past_k, past_v] = [empty(), empty()];
  const logits: number[] = [];
  let at = 0;
  for (const count of pieces) {
    const results = await wrapped.run({ ids: ids(...TOKENS.slice(at, at + count)), past_k, past_v });
    logits.push(...(results.logits!.data as Float32Array));
    past_k = results.present_k as typeof past_k;
    past_v = results.present_v as typeof past_v;
    at += count;
  }
  return logits;
}

const entropy = (logits: readonly number[]): number => {
  const weights = logits.map(Math.exp);
  const total = weights.reduce((a, b) => a + b, 0);
  return -weights.reduce((sum, w) => sum + (w / total) * Math.log(w / total), 0);
};

const relu: Placement = { rate: 0.4, after: ["Relu"] };

describe("a session that another program owns", () => {
  test("looks like the runtime's own: no inputs or outputs of ours", async () => {
    const { session, wrapped } = await open(relu);
    expect(wrapped.inputNames).toEqual(["ids", "past_k", "past_v"]);
    expect(wrapped.outputNames).toEqual(["logits", "present_k", "present_v"]);
    expect(wrapped.outputMetadata!.length).toBe(session.outputNames.length - 1);
    const feeds = { ids: ids(1, 2), past_k: empty(), past_v: empty() };
    expect(Object.keys(await wrapped.run(feeds))).toEqual(["logits", "present_k", "present_v"]);
    expect(Object.keys(await wrapped.run(feeds, ["logits"]))).toEqual(["logits"]);
    expect(Object.keys(await wrapped.run(feeds, { logits: null }))).toEqual(["logits"]);
    expect(Object.keys(await wrapped.run(feeds, {}))).toEqual(["logits", "present_k", "present_v"]);
    await wrapped.release();
  });

  test("each run is a pass of its own; a pass set again gives the same; rate 0 is the model's answer", async () => {
    const { wrapped } = await open(relu);
    const feeds = { ids: ids(...TOKENS), past_k: empty(), past_v: empty() };
    const logits = async () => [...((await wrapped.run(feeds, ["logits"])).logits!.data as Float32Array)];
    const [a, b] = [await logits(), await logits()];
    expect(a).not.toEqual(b);
    expect(wrapped.pass).toBe(2);
    wrapped.pass = 0;
    expect(await logits()).toEqual(a);
    wrapped.rate = 0;
    const plain = await openSession(writeModel(textModel));
    const own = [...((await plain.run(feeds)).logits!.data as Float32Array)];
    (await logits()).forEach((value, i) => {
      expect(value).toBeCloseTo(own[i]!, 5);
    });
  });

  test.each<[string, Placement]>([
    ["an element each", relu],
    ["the same units at all tokens", { ...relu, share: { axes: [1] } }],
  ])("%s: a text read with a cache has the masks of one that is read at once", async (_, placement) => {
    const { wrapped } = await open(placement, { passes: "sequence" });
    wrapped.pass = 5;
    const whole = await read(wrapped, [5]);
    for (const pieces of [
      [1, 1, 1, 1, 1],
      [3, 1, 1],
      [2, 3],
    ]) {
      wrapped.pass = 5;
      const parts = await read(wrapped, pieces);
      parts.forEach((value, i) => {
        expect(value).toBeCloseTo(whole[i]!, 5);
      });
    }
    wrapped.pass = 6;
    expect(await read(wrapped, [5])).not.toEqual(whole);
  });

  test("token-level doubt: the entropy of each token over passes, in a loop with a cache", async () => {
    const { wrapped } = await open(relu, { passes: "sequence" });
    const samples = 30;
    const mean = new Float64Array(5 * 7);
    let expectedEntropy = new Float64Array(5);
    for (let pass = 0; pass < samples; pass++) {
      wrapped.pass = pass;
      const logits = await read(wrapped, [3, 1, 1]);
      expectedEntropy = expectedEntropy.map((sum, t) => sum + entropy(logits.slice(7 * t, 7 * t + 7)) / samples);
      for (let t = 0; t < 5; t++) {
        const own = logits.slice(7 * t, 7 * t + 7).map(Math.exp);
        const total = own.reduce((a, b) => a + b, 0);
        own.forEach((w, c) => {
          mean[7 * t + c]! += w / total / samples;
        });
      }
    }
    for (let t = 0; t < 5; t++) {
      const predictive = entropy([...mean.subarray(7 * t, 7 * t + 7)].map(Math.log));
      expect(predictive - expectedEntropy[t]!).toBeGreaterThan(0.01); // the passes disagree
      expect(predictive).toBeLessThanOrEqual(Math.log(7));
    }
  });

  test("independent masks: each row by its id, whatever the batch", async () => {
    const two = new ort.Tensor("int64", BigInt64Array.from([3, 1, 3, 1], BigInt), [2, 2]);
    const past = () => new ort.Tensor("float32", new Float32Array(0), [2, 0, 6]);
    const of = async (options: Partial<WrapOptions>, batch: ort.Tensor, cache: () => ort.Tensor) => {
      const { wrapped } = await open(relu, { masks: "independent", ...options });
      return [
        ...((await wrapped.run({ ids: batch, past_k: cache(), past_v: cache() }, ["logits"])).logits!
          .data as Float32Array),
      ];
    };
    const both = await of({ sampleIds: [8, 9] }, two, past);
    expect(both.slice(0, 14)).not.toEqual(both.slice(14));
    const alone = await of({ sampleIds: [9] }, ids(3, 1), empty);
    alone.forEach((value, i) => {
      expect(value).toBeCloseTo(both[14 + i]!, 5);
    });
    const consistent = await of({ masks: "consistent" }, two, past);
    expect(consistent.slice(0, 14)).toEqual(consistent.slice(14));
  });

  test("a session without sites is refused with what to load", async () => {
    const { sites } = withDropout(textModel, relu);
    const session = await openSession(writeModel(textModel));
    expect(() => wrap(session, { ort, sites, key: key(1) })).toThrow(
      "wrap: session must have the inputs and shapes of all sites, got none for h; load what " +
        "withDropout(model, placements, { shapes: true }) gives",
    );
    expect(() => wrap({} as never, { ort, sites, key: key(1) })).toThrow(
      "wrap: session must be an InferenceSession of the runtime, got Object",
    );
  });
});
