// docs/hadamask_torch.py in a real PyTorch against the library: masks, outputs, gradients, counters, state. Needs a
// Python with PyTorch, `python3` or the one that HADAMASK_PYTHON names; without it, it is skipped and says so. Its
// fixture runs everywhere: port-stream.test.ts.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Dropout, type DropoutState, key } from "hadamask";
import { describe, expect, test } from "vitest";
import { bitsHex, maskHex } from "./stream-vectors.js";

const docs = fileURLToPath(new URL("../../../../docs", import.meta.url));
const python = process.env.HADAMASK_PYTHON ?? "python3";
const isThere = spawnSync(python, ["-c", "import torch"]).status === 0;
if (!isThere)
  console.log("docs/hadamask_torch.py is not run here: no Python with PyTorch; HADAMASK_PYTHON may name one");

function run(code: string, input: unknown): unknown {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1" };
  const { status, stdout, stderr } = spawnSync(python, ["-c", HEADER + code], {
    cwd: docs,
    env,
    input: JSON.stringify(input),
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const HEADER = `
import json, struct, sys
import numpy as np, torch
from hadamask_torch import HadamaskDropout
given = json.load(sys.stdin)
hexed = lambda t: [struct.pack(">f" if t.dtype == torch.float32 else ">d", v).hex() for v in t.detach().tolist()]
packed = lambda mask: np.packbits(mask.numpy().ravel(), bitorder="little").tobytes().hex()
`;

describe.skipIf(!isThere)("docs/hadamask_torch.py", () => {
  const cases = [0, 1, 0.5, 0.25, 0.1, 1e-9, 1 - 1e-9, 1 / 3].flatMap((rate, r) =>
    [1, 31, 32, 33, 64, 65, 1000].map((n, i) => ({ rate, n, seed: 17 * r + i })),
  );

  test("keeps all but what is decided by the last plane at keep 1 - 2^-53", () => {
    expect(
      run("from hadamask_torch import threshold_of; print(json.dumps(threshold_of(1 - 2**-53) == 2**53 - 1))", null),
    ).toBe(true);
  });

  test("draws the masks of the library in training steps 0 to 2 and in two passes at prediction time", () => {
    const code = `
def masks(c):
    drop, x = HadamaskDropout(c["rate"], seed=c["seed"]), torch.ones(c["n"])
    for _ in range(3):
        drop(x)
        yield packed(drop.mask)
    drop.eval()
    drop(x)
    drop.sampling = True
    for _ in range(2):
        drop(x)
        yield packed(drop.mask)
print(json.dumps([list(masks(c)) for c in given]))
`;
    const ours = cases.map(({ rate, n, seed }) => {
      const layer = new Dropout({ rate, key: key(seed) });
      const x = new Float32Array(n);
      const draw = () => {
        layer.forward(x);
        return maskHex(layer.mask!, n);
      };
      const trained = [draw(), draw(), draw()];
      layer.mode = "sample";
      return [...trained, draw(), draw()];
    });
    expect(run(code, cases)).toEqual(ours);
  });

  test("gives the outputs and gradients of the library to the last bit, in float32 and float64", () => {
    const code = `
def outputs(dtype):
    x = torch.tensor(given, dtype=dtype, requires_grad=True)
    y = HadamaskDropout(0.3, seed=5)(x)
    y.backward(x.detach())
    return hexed(y), hexed(x.grad)
print(json.dumps([outputs(torch.float32), outputs(torch.float64)]))
`;
    const x = Array.from({ length: 200 }, (_, i) => Math.fround(Math.sin(i) * 3));
    const ours = [Float32Array.from(x), Float64Array.from(x)].map((values) => {
      const layer = new Dropout({ rate: 0.3, key: key(5) });
      return [bitsHex(layer.forward(values)), bitsHex(layer.backward(values))];
    });
    expect(run(code, x)).toEqual(ours);
  });

  test("drops NaN and infinity to +0, and lets no gradient through", () => {
    const code = `
x = torch.full((64,), float("inf"), requires_grad=True)
drop = HadamaskDropout(0.5, seed=1)
y = drop(x)
y.sum().backward()
found = [y[~drop.mask] == 0, x.grad[~drop.mask] == 0, x.grad[drop.mask] == 2]
print(json.dumps([bool(part.all()) for part in found]))
`;
    expect(run(code, null)).toEqual([true, true, true]);
  });

  test("hands its state to the library and takes it back, and keeps its counters in a checkpoint", () => {
    const code = `
drop, x = HadamaskDropout(0.1, seed=9), torch.ones(100)
drop(x), drop(x)
state = json.loads(json.dumps(drop.state()))
other = HadamaskDropout(0.5, seed=0)
other.load_state(state)
other(x)
third = HadamaskDropout(0.5, seed=0)
third.load_state_dict(drop.state_dict())
third(x)
print(json.dumps([state, packed(other.mask), packed(third.mask)]))
`;
    const [state, taken, loaded] = run(code, null) as [DropoutState, string, string];
    const layer = Dropout.fromState(state);
    expect(layer.step).toBe(2);
    layer.forward(new Float32Array(100));
    expect([taken, loaded]).toEqual([maskHex(layer.mask!, 100), maskHex(layer.mask!, 100)]);
    expect({ ...layer.state, step: 2 }).toEqual(state);
  });
});
