// Counts what jax-js holds in memory: the one honest way to see a leak, since jax-js frees nothing by itself.
// Its table of live buffers is private; it is found by what it stores, when the first buffer is made.

import "../../src/jax/navigator.js";

type Buffer = { readonly ptr: number; readonly size: number; readonly ref: number };

const isBuffer = (value: unknown): value is Buffer =>
  typeof value === "object" && value !== null && ["ptr", "size", "ref"].every((name) => name in value);

/** Returns a function that says how many buffers are alive on jax-js's WASM device. */
export async function liveBuffers(): Promise<() => number> {
  const { numpy: np } = await import("@jax-js/jax");
  let table: Map<unknown, unknown> | undefined;
  const set = Map.prototype.set;
  Map.prototype.set = function (key, value) {
    if (isBuffer(value)) table = this;
    return set.call(this, key, value);
  };
  np.array(new Float32Array(1000)).dispose();
  const probe = np.array(Float32Array.from({ length: 1000 }, (_, i) => i)); // not constant, so that it has a buffer
  Map.prototype.set = set;
  if (table === undefined || table.size === 0) throw new Error("the table of live buffers was not found");
  const found = table;
  probe.dispose();
  return () => found.size;
}
