// The entry point `hadamask/pool`: several threads on shared memory.

export { createPool, Pool, type PoolOptions } from "./pool/pool.js";
