// What the addon refuses: calls that would touch memory that is not an array's.

import { expect, test } from "vitest";
import { findNative } from "../../hadamask/src/kernels/native-addon.js";

const addon = findNative();
const reason = addon === undefined ? "needs @hadamask/native; npm run build:native" : addon.file;
if (addon === undefined) console.log(`the addon is not tested: ${reason}`);

const floats = (n: number): Float32Array => new Float32Array(n).fill(-7);

test.skipIf(addon === undefined)(`refuses arrays that do not fit (${reason.split("/").at(-1)})`, () => {
  const { parameters, dropout, apply, mask, normals, multiplyByNormals, addProducts, addGradients, draw } = addon!;
  const call = (f: (...args: never[]) => void, ...args: unknown[]) => expect(() => f(...(args as never[])));
  parameters.fill(0).set([1, 2, 2 ** 52, 0, 2]);
  const out = floats(100);
  call(dropout, floats(100), floats(99)).toThrow("@hadamask/native: dropout takes two Float32Arrays or Float64Arrays");
  call(dropout, floats(100), new Float64Array(100)).toThrow(TypeError);
  call(dropout, new Uint8Array(100), new Uint8Array(100)).toThrow(TypeError);
  call(dropout, floats(100)).toThrow(TypeError);
  call(dropout, [1, 2], [1, 2]).toThrow(TypeError);
  call(apply, floats(100), out, new Uint32Array(3)).toThrow(TypeError);
  call(apply, floats(100), out, new Float32Array(4)).toThrow(TypeError);
  call(normals, new Uint32Array(4)).toThrow(TypeError);
  call(multiplyByNormals, floats(3), floats(4)).toThrow(TypeError);
  parameters[6] = 97;
  call(mask, new Uint32Array(3)).toThrow("no room");
  parameters[6] = Number.NaN;
  call(mask, new Uint32Array(3)).toThrow("no room");
  parameters.set([3, 5], 7);
  call(addProducts, new Float64Array(9), new Float64Array(6), new Float64Array(15), undefined).toThrow(TypeError);
  call(addProducts, new Float64Array(10), new Float64Array(7), new Float64Array(15), undefined).toThrow(TypeError);
  call(addProducts, new Float64Array(10), new Float64Array(6), new Float64Array(15), new Float64Array(7)).toThrow(
    TypeError,
  );
  const dw = new Float64Array(15);
  call(addGradients, dw, new Float64Array(5), floats(10), floats(6), floats(15), undefined).toThrow(TypeError);
  parameters.set([0, 0, 404, 4], 9);
  parameters[6] = 1;
  call(draw, new Uint8Array(400)).toThrow("addresses");
  parameters.set([0, 0, 398, 4], 9);
  call(draw, new Uint8Array(400)).toThrow("addresses");
  expect(out.every((value) => value === -7)).toBe(true);
});

test.skipIf(addon === undefined)("refuses places that are none in the stream", () => {
  const { parameters, dropout } = addon!;
  for (const [place, value] of [
    [0, -1],
    [1, 2 ** 32],
    [2, 0],
    [2, 2 ** 53],
    [3, -1],
    [3, Number.NaN],
  ] as const) {
    parameters.fill(0).set([1, 2, 2 ** 52, 0, 2]);
    parameters[place] = value;
    expect(() => dropout(floats(10), floats(10)), `${place}: ${value}`).toThrow("parameters out of range");
  }
});

test.skipIf(addon === undefined)("does nothing to an array whose memory went elsewhere", () => {
  const { parameters, dropout } = addon!;
  parameters.fill(0).set([1, 2, 2 ** 52, 0, 2]);
  const gone = floats(100);
  structuredClone(gone.buffer, { transfer: [gone.buffer] });
  expect(() => dropout(gone, floats(100))).toThrow(TypeError);
  expect(() => dropout(floats(100), gone)).toThrow(TypeError);
  dropout(gone, gone);
});
