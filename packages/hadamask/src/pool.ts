/**
 * Several threads on shared memory.
 *
 * @module hadamask/pool
 */

import "./kernels/fast.js";

export { createPool, Pool, type PoolOptions } from "./pool/pool.js";
