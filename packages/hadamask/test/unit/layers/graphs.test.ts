// Dropout on graphs: directions, parallel edges and self-loops, and what a decision depends on.

import { dropEdges, dropNodes, EdgeDropout, type Edges, keepMask, key, NodeDropout, unpackMask } from "hadamask";
import { describe, expect, test } from "vitest";
import { orderedPair, unorderedPair } from "../../../src/placement/pairs.js";
import { deriveKey, TAG } from "../../../src/random/derive.js";
import { binomialBounds, FALSE_ALARM } from "../../support/bounds.js";

describe("numbers of pairs", () => {
  test("of unordered pairs among n nodes are 0 … n (n + 1) / 2 - 1, each once", () => {
    const n = 40;
    const numbers = new Set<number>();
    for (let a = 0; a < n; a++) {
      for (let b = 0; b < n; b++) {
        numbers.add(unorderedPair(a, b));
        expect(unorderedPair(a, b)).toBe(unorderedPair(b, a));
      }
    }
    expect([...numbers].sort((x, y) => x - y)).toEqual(Array.from({ length: (n * (n + 1)) / 2 }, (_, i) => i));
  });

  test("of ordered pairs among n nodes are 0 … n^2 - 1, each once", () => {
    const n = 40;
    const numbers = new Set<number>();
    for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) numbers.add(orderedPair(a, b));
    expect([...numbers].sort((x, y) => x - y)).toEqual(Array.from({ length: n * n }, (_, i) => i));
  });

  test("stay below 2^53 for the largest nodes", () => {
    const last = 2 ** 26 - 1;
    expect(orderedPair(last, last)).toBeLessThan(2 ** 53);
    expect(unorderedPair(last, last)).toBeLessThan(2 ** 53);
    expect(orderedPair(last, last)).not.toBe(orderedPair(last, last - 1));
  });
});

/** A graph of 60 nodes, both directions of each edge, and a loop at every tenth node. */
function graph(): Edges {
  const source: number[] = [];
  const target: number[] = [];
  for (let a = 0; a < 60; a++) {
    for (const b of [(a * 7 + 1) % 60, (a * 11 + 5) % 60]) {
      if (a >= b) continue;
      source.push(a, b);
      target.push(b, a);
    }
    if (a % 10 === 0) {
      source.push(a);
      target.push(a);
    }
  }
  return { source, target };
}

const named = ({ source, target }: Edges): string[] => Array.from(source, (a, e) => `${a}-${target[e]}`);

describe("dropEdges", () => {
  test("keeps both directions of an undirected edge or none, and each self-loop once", () => {
    const kept = dropEdges(graph(), { rate: 0.5, key: key(1), isUndirected: true });
    const names = named(kept);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(names).toContain(name.split("-").reverse().join("-"));
    expect(names.length).toBeGreaterThan(0);
    expect(names.length).toBeLessThan(graph().source.length);
    const all = named(dropEdges(graph(), { rate: 0, key: key(1), isUndirected: true }));
    expect(all).toEqual(named(graph()));
  });

  test("decides for the two directions of a directed graph apart", () => {
    const names = new Set(named(dropEdges(graph(), { rate: 0.5, key: key(1) })));
    const oneWay = [...names].filter((name) => !names.has(name.split("-").reverse().join("-")));
    expect(oneWay.length).toBeGreaterThan(0);
  });

  test("the decision of an edge is the element of the mask with the number of its pair", () => {
    const edges = graph();
    const kept = dropEdges(edges, { rate: 0.3, key: key(2) });
    const expected = Array.from(edges.source, (_, e) => e).filter((e) => {
      const offset = orderedPair(edges.source[e]!, edges.target[e]!);
      return keepMask(1, { rate: 0.3, key: key(2), offset })[0] === 1;
    });
    expect([...kept.index]).toEqual(expected);
  });

  test("does not depend on the order of the edges, nor on edges that are added", () => {
    const { source, target } = graph();
    const kept = named(dropEdges({ source, target }, { rate: 0.5, key: key(3) }));
    const reversed = {
      source: [9, ...[...Array.from(source)].reverse()],
      target: [9, ...[...Array.from(target)].reverse()],
    };
    const again = named(dropEdges(reversed, { rate: 0.5, key: key(3) })).filter((name) => name !== "9-9");
    expect(again.reverse()).toEqual(kept);
  });

  test("drops as often as it should", () => {
    const source = Array.from({ length: 20_000 }, (_, e) => e % 200);
    const target = Array.from({ length: 20_000 }, (_, e) => 200 + Math.floor(e / 200));
    const { index } = dropEdges({ source, target }, { rate: 0.2, key: key(4) });
    const [low, high] = binomialBounds(20_000, 0.8, FALSE_ALARM);
    expect(index.length >= low && index.length <= high).toBe(true);
  });

  test("drops the edges that EdgeDropout drops in a pass with that key", () => {
    const edges = graph();
    const layer = new EdgeDropout({ rate: 0.5, key: key(5), isUndirected: true });
    const y = layer.forward(new Float64Array(edges.source.length).fill(1), { edges, step: 6 });
    const { index } = dropEdges(edges, { rate: 0.5, key: deriveKey(key(5), TAG.step, 6), isUndirected: true });
    expect(Array.from(y, (_, e) => e).filter((e) => y[e] !== 0)).toEqual([...index]);
  });

  test("says which node is wrong", () => {
    expect(() => dropEdges({ source: [0], target: [2 ** 26] }, { rate: 0.5, key: key(1) })).toThrowError(
      "dropEdges: edges.target[0] must be a whole number in [0, 67108864), got 67108864",
    );
    expect(() => dropEdges({ source: "01" as never, target: [1] }, { rate: 0.5, key: key(1) })).toThrowError(
      'dropEdges: edges.source must be an array of node numbers, got "01"',
    );
  });
});

describe("dropNodes", () => {
  test("drops every edge of a dropped node and no other", () => {
    const edges = graph();
    const { nodes, index } = dropNodes(edges, 60, { rate: 0.4, key: key(6) });
    expect([...nodes]).toEqual([...keepMask(60, { rate: 0.4, key: key(6) })]);
    const bits = unpackMask(nodes, 60);
    const expected = Array.from(edges.source, (_, e) => e).filter(
      (e) => bits[edges.source[e]!] === 1 && bits[edges.target[e]!] === 1,
    );
    expect([...index]).toEqual(expected);
    expect(bits).toContain(0);
  });

  test("drops the nodes that NodeDropout drops in a pass with that key", () => {
    const y = new NodeDropout({ rate: 0.4, key: key(6) }).forward(new Float64Array(60).fill(1), {
      shape: [60],
      step: 2,
    });
    const { nodes } = dropNodes({ source: [], target: [] }, 60, { rate: 0.4, key: deriveKey(key(6), TAG.step, 2) });
    expect(Array.from(y, (value) => Number(value !== 0))).toEqual([...unpackMask(nodes, 60)]);
  });

  test("refuses an edge that ends at no node", () => {
    expect(() => dropNodes({ source: [0], target: [3] }, 3, { rate: 0.5, key: key(1) })).toThrowError(
      "dropNodes: edges.target[0] must be a whole number in [0, 3), got 3",
    );
  });
});
