// Which elements other libraries drop: seeds, blocks, edges, rates of eight bits.

import { Dropout, dropBlockRates, dropEdges, keepMask, key, unpackMask } from "hadamask";
import { tfjs } from "hadamask/streams";
import { atMost, differs, equals, exactly, type Measure } from "../measure.js";
import { sum } from "../vectors.js";

export function repeatedMasks(): Measure[] {
  const stream = tfjs(42);
  const bits = (draw: () => Uint32Array) => [...unpackMask(draw(), 1000)];
  const theirs = [0, 1].map(() => bits(() => stream.keepMask(1000, { rate: 0.5 })));
  const layer = new Dropout({ rate: 0.5, key: key(42) });
  const ours = [0, 1].map(() => {
    layer.forward(new Float32Array(1000));
    return bits(() => layer.mask!);
  });
  const changed = ([a, b]: number[][]): number => a!.filter((bit, i) => bit !== b![i]).length;
  return [
    differs("ours: elements of 1000 that two steps decide differently", changed(ours), 0, 400),
    exactly("TensorFlow.js: the same, for one seed", changed(theirs), 0),
  ];
}

/** How many of the seeds 0 … length - 1 have a block of 2 reach + 1 places around them that covers each place. */
const centredCovers = (length: number, reach: number): number[] =>
  Array.from({ length }, (_, i) => Math.min(i + reach, length - 1) - Math.max(i - reach, 0) + 1);
const insideCovers = (length: number, block: number): number[] =>
  Array.from({ length }, (_, i) => Math.min(i, length - block) - Math.max(i - block + 1, 0) + 1);

export function dropBlocks(): Measure[] {
  const gamma = (rate: number, length: number, block: number) =>
    (rate * length ** 2) / (block * (length - block + 1)) ** 2;
  const share = (covers: number[], seedRate: number) =>
    sum(covers.flatMap((a) => covers.map((b) => 1 - (1 - seedRate) ** (a * b)))) / covers.length ** 2;
  const ours = (rate: number, length: number) => dropBlockRates([length, length], { rate, blockSize: 7 }).mean;
  const torchvision = share(insideCovers(14, 7), gamma(0.5, 14, 7));
  const timm = share(centredCovers(7, 3), gamma(0.1, 7, 7));
  return [
    equals("ours, 7 x 7 blocks: rate 0.5 on 14 x 14, 0.1 on 7 x 7", [ours(0.5, 14), ours(0.1, 7)], [0.5, 0.1]),
    differs("0.5 against the share that torchvision's seeds drop", 0.5, torchvision, 0.1),
    differs("0.1 against the share that timm's seeds drop", 0.1, timm, 0.8),
    equals("those shares", [torchvision, timm], [0.36, 0.93], 0.01),
  ];
}

export function selfLoops(): Measure[] {
  const edges = { source: [0, 1, 2], target: [1, 0, 2] };
  const { source, target } = dropEdges(edges, { rate: 0, key: key(1), isUndirected: true });
  const upper = [0, 1, 2].filter((e) => edges.source[e]! <= edges.target[e]!);
  const mirrored = [...upper, ...upper].map((e) => [edges.source[e]!, edges.target[e]!]);
  const loops = (pairs: readonly number[][]): number => pairs.filter(([a, b]) => a === b).length;
  const ours = loops([...source].map((a, e) => [a, target[e]!]));
  return [
    exactly("ours at rate 0: loops of a graph with one, and edges", [ours, source.length], [1, 3]),
    differs("loops, against keeping source <= target and appending the mirror image", ours, loops(mirrored), 0.5),
  ];
}

export function eightBits(): Measure[] {
  const kept = (rate: number) => (Math.floor(255 * (1 - rate)) + 1) / 256;
  const rates = [0.0001, 0.01, 0.99];
  const ours = rates.map((rate) => Math.abs(Math.round((1 - rate) * 2 ** 53) / 2 ** 53 - (1 - rate)));
  const drawn = unpackMask(keepMask(200_000, { rate: 0.0001, key: key(1) }), 200_000);
  const dropped = 200_000 - sum(drawn);
  return [
    atMost("ours at rates 0.0001, 0.01, 0.99: distance of the realised rate", ours, 2 ** -54),
    // 20 are expected, with standard deviation 4.5; at FlashAttention's rate there would be 780.
    atMost("ours: dropped of 200000 at rate 0.0001", dropped, 60),
    differs(
      "FlashAttention's rates of dropping, keep if byte <= floor(255 keep)",
      rates,
      rates.map((r) => 1 - kept(r)),
      1e-3,
    ),
    equals(
      "its scale at rate 0.99 times what it keeps: the mean of its output",
      kept(0.99) / (1 - 0.99),
      1.171875,
      1e-9,
    ),
  ];
}
