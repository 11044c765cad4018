// The entry point `hadamask/pool`: several threads on shared memory.

import "./kernels/fast.js";

export { createPool, Pool, type PoolOptions } from "./pool/pool.js";
