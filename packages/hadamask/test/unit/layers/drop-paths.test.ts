// Dropout of paths: which edges walks take along, and what that depends on.

import { dropEdges, dropPaths, type Edges, key } from "hadamask";
import { describe, expect, test } from "vitest";
import { binomialBounds, FALSE_ALARM } from "../../support/bounds.js";

const line = (n: number): Edges => ({
  source: Array.from({ length: n }, (_, i) => i),
  target: Array.from({ length: n }, (_, i) => i + 1),
});
/** A ring of 40 nodes with chords, both directions of each edge, and some loops. */
function graph(): { source: number[]; target: number[] } {
  const source: number[] = [];
  const target: number[] = [];
  for (let a = 0; a < 40; a++) {
    for (const b of [(a + 1) % 40, (a * 7 + 3) % 40]) {
      source.push(a, b);
      target.push(b, a);
    }
  }
  return { source, target };
}
const named = ({ source, target }: Edges): string[] => Array.from(source, (a, e) => `${a}-${target[e]}`);

describe("dropPaths", () => {
  test("of one step drops what dropEdges drops", () => {
    for (const isUndirected of [false, true]) {
      const options = { rate: 0.3, key: key(4), isUndirected } as const;
      expect(dropPaths(graph(), { ...options, steps: 1 })).toEqual(dropEdges(graph(), options));
    }
  });

  test("takes along the edges behind a dropped one, where there is one way on", () => {
    const n = 200;
    const options = { rate: 0.1, key: key(5) } as const;
    const begins = new Set(Array.from({ length: n }, (_, e) => e));
    for (const e of dropEdges(line(n), options).index) begins.delete(e);
    expect(begins.size).toBeGreaterThan(5);
    const gone = (e: number): boolean => [e, e - 1, e - 2, e - 3].some((first) => begins.has(first));
    const expected = Array.from({ length: n }, (_, e) => e).filter((e) => !gone(e));
    expect([...dropPaths(line(n), { ...options, steps: 4 }).index]).toEqual(expected);
  });

  test("of more steps drops the same edges and more", () => {
    const at = (steps: number) => new Set(dropPaths(graph(), { rate: 0.05, key: key(6), steps }).index);
    for (const steps of [2, 3, 8]) {
      const [fewer, more] = [at(steps - 1), at(steps)];
      for (const e of more) expect(fewer.has(e)).toBe(true);
      expect(more.size).toBeLessThan(fewer.size);
    }
  });

  test("keeps both directions of an undirected edge or none", () => {
    const names = new Set(named(dropPaths(graph(), { rate: 0.1, key: key(7), isUndirected: true })));
    for (const name of names) expect(names.has(name.split("-").reverse().join("-"))).toBe(true);
    expect(names.size).toBeGreaterThan(0);
    expect(names.size).toBeLessThan(new Set(named(graph())).size);
  });

  test("depends on the set of edges, and neither on their order nor on doubles", () => {
    const { source, target } = graph();
    for (const isUndirected of [false, true]) {
      const options = { rate: 0.1, key: key(8), steps: 5, isUndirected } as const;
      const kept = new Set(named(dropPaths(graph(), options)));
      const reversed = { source: [...source].reverse(), target: [...target].reverse() };
      expect(new Set(named(dropPaths(reversed, options)))).toEqual(kept);
      const doubled = { source: [...source, ...source], target: [...target, ...target] };
      expect(new Set(named(dropPaths(doubled, options)))).toEqual(kept);
    }
  });

  test("takes every way on from a node equally often, and goes on at either end of an undirected edge", () => {
    // Edge 0-1 begins a path in a part of all graphs; behind node 1 there are three ways.
    const fork = { source: [0, 1, 1, 1], target: [1, 2, 3, 4] };
    const counts = [0, 0, 0];
    let [paths, back] = [0, 0];
    for (let i = 0; i < 20_000; i++) {
      const options = { rate: 0.05, key: key(i) } as const;
      const begun = dropEdges(fork, options).index;
      if (begun.length === 3 && begun[0] === 1) {
        paths++;
        const left = new Set(dropPaths(fork, { ...options, steps: 2 }).index);
        [1, 2, 3].forEach((e, way) => {
          if (!left.has(e)) counts[way]!++;
        });
      }
      const pair = { source: [0, 1], target: [1, 2] };
      const undirected = { ...options, isUndirected: true } as const;
      const one = dropEdges(pair, undirected).index;
      if (one.length === 1 && one[0] === 1 && dropPaths(pair, { ...undirected, steps: 2 }).index.length === 0) back++;
    }
    expect(counts.reduce((a, b) => a + b, 0)).toBe(paths);
    const [low, high] = binomialBounds(paths, 1 / 3, FALSE_ALARM / 4);
    for (const count of counts) {
      expect(count).toBeGreaterThanOrEqual(low);
      expect(count).toBeLessThanOrEqual(high);
    }
    // Edge 0-1 alone is dropped with 0.05 * 0.95; its walk goes on at node 1, and there to node 2, with 1/2 * 1/2.
    const [least, most] = binomialBounds(20_000, (0.05 * 0.95) / 4, FALSE_ALARM / 4);
    expect(back).toBeGreaterThanOrEqual(least);
    expect(back).toBeLessThanOrEqual(most);
  });

  test("at rate 0 keeps all, at rate 1 nothing, and ends where no edge leads on", () => {
    expect(dropPaths(graph(), { rate: 0, key: key(1) }).index).toHaveLength(160);
    expect(dropPaths(graph(), { rate: 1, key: key(1) }).index).toHaveLength(0);
    expect(dropPaths(line(2), { rate: 1, key: key(1), steps: 1000 }).index).toHaveLength(0);
    expect(dropPaths({ source: [], target: [] }, { rate: 0.5, key: key(1) }).index).toHaveLength(0);
  });

  test("refuses what does not fit", () => {
    expect(() => dropPaths(line(2), { rate: 0.5, key: key(1), steps: 0 })).toThrowError(
      "dropPaths: steps must be a whole number in [1, 4294967296], got 0",
    );
    expect(() => dropPaths(line(2), { rate: 2, key: key(1) })).toThrowError(
      "dropPaths: rate must be in [0, 1], got 2; pass 0.02 for 2 %",
    );
  });
});
