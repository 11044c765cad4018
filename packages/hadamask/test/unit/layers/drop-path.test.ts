import { DropPath, key, layerFromState } from "hadamask";
import { describe, expect, test } from "vitest";

describe('DropPath with scaling "none"', () => {
  const options = { rate: 0.25, scaling: "none", key: key(3) } as const;
  const shape = [4, 2];
  const x = [1, 2, 3, 4, 5, 6, 7, 8];

  test("multiplies by 0 or 1 in training, and by 1 at prediction, forward and backward", () => {
    const layer = new DropPath(options);
    const pass = { shape, mask: [1, 0, 1, 1] };
    expect([...layer.forward(x, pass)]).toEqual([1, 2, 0, 0, 5, 6, 7, 8]);
    expect([...layer.backward(x)]).toEqual([1, 2, 0, 0, 5, 6, 7, 8]);
    expect([...layer.eval().forward(x, { shape })]).toEqual(x);
    expect([...layer.backward(x)]).toEqual(x);
  });

  test("takes the masks of the other scalings under one key", () => {
    const classic = new DropPath({ ...options, scaling: "classic" });
    expect(new DropPath(options).forward(x, { shape })).toEqual(classic.forward(x, { shape }));
  });

  test("is in the state", () => {
    const layer = new DropPath(options);
    const resumed = layerFromState(JSON.parse(JSON.stringify(layer))) as DropPath;
    expect([resumed.scaling, resumed.state]).toEqual(["none", layer.state]);
  });

  test("other layers have none", () => {
    expect(() => new DropPath({ ...options, scaling: "half" as never })).toThrow(
      'DropPath: scaling must be "inverted" or "classic", got "half"',
    );
  });
});
