// Shared draws over random shapes: the merged runs against the definition, one element at a time.

import fc from "fast-check";
import { dropout, GaussianDropout, keepMask, key, SpatialDropout, unpackMask } from "hadamask";
import { expect, test } from "vitest";
import { expandMask, packMask } from "../../src/placement/mask-bits.js";
import { forEachRun, placementOf } from "../../src/placement/shape.js";

/** A shape of up to five axes, some of them shared, some of length 0 or 1. */
const shapes = fc
  .array(
    fc.tuple(
      fc.oneof(
        { weight: 1, arbitrary: fc.constantFrom(0, 1) },
        { weight: 8, arbitrary: fc.integer({ min: 1, max: 7 }) },
      ),
      fc.boolean(),
    ),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .map((axes) => ({
    shape: axes.map(([length]) => length),
    sharedAxes: axes.flatMap(([, isShared], axis) => (isShared ? [axis] : [])),
  }));

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

/** The draw of element i, from its coordinates: the definition. */
function drawOf(i: number, shape: readonly number[], sharedAxes: readonly number[]): number {
  let rest = i;
  const coordinates = shape.map(() => 0);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    coordinates[axis] = rest % shape[axis]!;
    rest = Math.floor(rest / shape[axis]!);
  }
  return shape.reduce(
    (draw, length, axis) => (sharedAxes.includes(axis) ? draw : draw * length + coordinates[axis]!),
    0,
  );
}

const drawsOf = ({ shape, sharedAxes }: { shape: number[]; sharedAxes: number[] }): number[] =>
  Array.from({ length: sizeOf(shape) }, (_, i) => drawOf(i, shape, sharedAxes));

test("runs give each element the draw of its coordinates, in order and once", () => {
  fc.assert(
    fc.property(shapes, (given) => {
      const found: number[] = [];
      const placement = placementOf(given.shape, given.sharedAxes);
      forEachRun(placement, (xStart, length, drawStart, isShared) => {
        expect(xStart).toBe(found.length);
        for (let j = 0; j < length; j++) found.push(isShared ? drawStart : drawStart + j);
      });
      expect(found).toEqual(drawsOf(given));
      const own = given.shape.filter((_, axis) => !given.sharedAxes.includes(axis));
      expect([placement.size, placement.draws]).toEqual([found.length, sizeOf(own)]);
    }),
  );
});

test("a mask of one bit a draw spreads to one bit an element", () => {
  fc.assert(
    fc.property(shapes, fc.nat(), (given, seed) => {
      const placement = placementOf(given.shape, given.sharedAxes);
      const bits = unpackMask(keepMask(placement.draws, { rate: 0.5, key: key(seed) }), placement.draws);
      const expanded = unpackMask(expandMask(packMask(bits), placement), placement.size);
      expect([...expanded]).toEqual(drawsOf(given).map((draw) => bits[draw]));
    }),
  );
});

test("dropout and SpatialDropout keep the elements whose draw is kept, in both element types", () => {
  fc.assert(
    fc.property(shapes, fc.constantFrom(0, 0.3, 0.5, 1), fc.boolean(), (given, rate, isSingle) => {
      const { shape, sharedAxes } = given;
      const n = sizeOf(shape);
      const x = isSingle ? new Float32Array(n).fill(3) : new Float64Array(n).fill(3);
      const placement = placementOf(shape, sharedAxes);
      const bits = unpackMask(keepMask(placement.draws, { rate, key: key(5) }), placement.draws);
      const one = isSingle ? Math.fround(3 * Math.fround(1 / (1 - rate))) : 3 * (1 / (1 - rate));
      const expected = drawsOf(given).map((draw) => (bits[draw] === 1 ? one : 0));
      expect([...dropout(x, { rate, key: key(5), shape, sharedAxes })]).toEqual(expected);
      const layer = new SpatialDropout({ rate, sharedAxes, key: key(5) });
      layer.forward(x, { shape });
      expect([...layer.backward(x)].map((v) => v !== 0)).toEqual(
        drawsOf(given).map((draw) => unpackMask(layer.mask!, placement.draws)[draw] === 1),
      );
    }),
  );
});

test("Gaussian dropout multiplies each element by the multiplier of its draw", () => {
  fc.assert(
    fc.property(shapes, (given) => {
      const { shape, sharedAxes } = given;
      const x = Float64Array.from({ length: sizeOf(shape) }, (_, i) => i + 1);
      const layer = new GaussianDropout({ rate: 0.5, sharedAxes, key: key(5) });
      const y = layer.forward(x, { shape });
      const { multipliers } = layer;
      expect([...y]).toEqual(drawsOf(given).map((draw, i) => x[i]! * multipliers![draw]!));
    }),
  );
});

test("rows by sample id are the rows alone, for any shape and any axes shared but the first", () => {
  fc.assert(
    fc.property(shapes, (given) => {
      const { shape } = given;
      const sharedAxes = given.sharedAxes.filter((axis) => axis > 0);
      const x = new Float64Array(sizeOf(shape)).fill(1);
      const ids = Array.from({ length: shape[0]! }, (_, b) => 100 + b);
      const whole = dropout(x, { rate: 0.5, key: key(7), shape, sharedAxes, sampleIds: ids });
      const width = sizeOf(shape.slice(1));
      ids.forEach((id, b) => {
        const row = x.slice(0, width);
        const alone = dropout(row, {
          rate: 0.5,
          key: key(7),
          shape: [1, ...shape.slice(1)],
          sharedAxes,
          sampleIds: [id],
        });
        expect(alone).toEqual(whole.slice(b * width, (b + 1) * width));
      });
    }),
  );
});

test("any pieces of an array, at their offsets, are the whole", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 300 }),
      fc.integer({ min: 0, max: 300 }),
      fc.constantFrom(0.1, 0.5),
      (a, b, rate) => {
        const [start, end] = [Math.min(a, b), Math.max(a, b)];
        const x = Float64Array.from({ length: 300 }, (_, i) => i + 1);
        const whole = dropout(x, { rate, key: key(9) });
        const piece = dropout(x.slice(start, end), { rate, key: key(9), offset: start });
        expect(piece).toEqual(whole.slice(start, end));
      },
    ),
  );
});
