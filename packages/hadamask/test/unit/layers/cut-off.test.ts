// Learned noise at the ends of what it can learn.

import { ConcreteDropout, key, VariationalDense, VariationalDropout } from "hadamask";
import { describe, expect, test } from "vitest";

const K = key(8);

describe("an alpha beyond its cut-off", () => {
  // A loss that punishes noise: the square of what noise does to ones.
  const slope = (start: number): number => {
    const layer = new VariationalDropout({ logAlpha: [start], key: K });
    const x = new Float64Array(400).fill(1);
    let logAlpha = start;
    for (let t = 0; t < 200; t++) {
      layer.parameters.logAlpha[0] = logAlpha;
      const y = layer.forward(x);
      layer.backward(y.map((value) => (value - 1) / 400));
      logAlpha -= 0.1 * layer.gradients.logAlpha[0]!;
    }
    return logAlpha;
  };

  test("comes back when the loss wants less noise, from either side of it", () => {
    const [below, above] = [slope(-0.01), slope(0.01)];
    expect(above).toBeLessThan(-1);
    expect(Math.abs(above - below)).toBeLessThan(0.5);
  });

  test("has the value of the cut-off and its gradient", () => {
    const make = (logAlpha: number) => new VariationalDropout({ logAlpha: [logAlpha], key: K });
    const [at, beyond] = [make(0), make(3)];
    const x = [1, 2, 3];
    expect(beyond.forward(x)).toEqual(at.forward(x));
    for (const layer of [at, beyond]) layer.backward(x, { penaltyWeight: 0.5 });
    expect(beyond.gradients.logAlpha).toEqual(at.gradients.logAlpha);
    expect(beyond.gradients.logAlpha[0]).not.toBe(0);
    expect(beyond.penalty()).toBe(at.penalty());
  });

  test("of weights too", () => {
    const make = (logAlpha: number) =>
      new VariationalDense({ inputs: 2, weights: [1, -2], logAlpha: [logAlpha], key: K });
    const [at, beyond] = [make(0), make(1)];
    for (const layer of [at, beyond]) {
      layer.forward([1, 3]);
      layer.backward([1], { penaltyWeight: 0.1 });
    }
    expect(beyond.gradients.logAlpha).toEqual(at.gradients.logAlpha);
    expect(beyond.gradients.logAlpha[0]).not.toBe(0);
  });
});

describe("a learned rate of 0 or 1", () => {
  test.each([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])(
    "logit %s has a finite penalty and gradient",
    (logit) => {
      const layer = new ConcreteDropout({ rate: 0.5, units: 10, key: K });
      layer.parameters.logit[0] = logit;
      expect(layer.penalty()).toBeCloseTo(0, 15);
      expect([...layer.forward([1, 2])]).toEqual(logit < 0 ? [1, 2] : [0, 0]);
      layer.backward([1, 1], { penaltyWeight: 1 });
      expect(layer.gradients.logit[0]).toBeCloseTo(0, 12);
    },
  );

  test.each([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY])("logit %s survives JSON", (logit) => {
    const layer = new ConcreteDropout({ rate: 0.5, key: K });
    layer.parameters.logit[0] = logit;
    const resumed = ConcreteDropout.fromState(JSON.parse(JSON.stringify(layer.state)));
    expect(resumed.parameters.logit[0]).toBe(logit);
    expect(resumed.state).toEqual(layer.state);
  });
});
