// Which workers there are: each says now and then that it is there, and what it does.

import { hostname } from "node:os";
import type { Redis } from "ioredis";
import { KEPT_S, type Keys } from "./keys.js";

export interface WorkerInfo {
  readonly name: string;
  readonly host: string;
  readonly pid: number;
  readonly concurrency: number;
  /** Runs that it has trained. */
  readonly done: number;
  /** Runs that it is training. */
  readonly training: readonly string[];
}

/** A worker that was not heard of for longer is gone. */
const SILENT_MS = 15_000;
const EVERY_MS = 5000;

/** Says so at once, and every few seconds until it is ended. */
export function sayPresent(
  redis: Redis,
  keys: Keys,
  id: string,
  state: () => Pick<WorkerInfo, "name" | "concurrency" | "done" | "training">,
): { end(): Promise<void> } {
  const say = async (): Promise<void> => {
    if (redis.status !== "ready") return; // else it would all be said at once when it is back
    const info: WorkerInfo = { ...state(), host: hostname(), pid: process.pid };
    await redis
      .multi()
      .zadd(keys.workers, Date.now(), id)
      .hset(keys.workerInfo, id, JSON.stringify(info))
      .expire(keys.workers, KEPT_S)
      .expire(keys.workerInfo, KEPT_S)
      .exec();
  };
  const timer = setInterval(() => void say().catch(() => {}), EVERY_MS);
  void say().catch(() => {});
  return {
    async end() {
      clearInterval(timer);
      if (redis.status === "ready") await redis.multi().zrem(keys.workers, id).hdel(keys.workerInfo, id).exec();
    },
  };
}

/** Those that were heard of lately, by name. */
export async function presentWorkers(redis: Redis, keys: Keys): Promise<WorkerInfo[]> {
  const ids = await redis.zrangebyscore(keys.workers, Date.now() - SILENT_MS, "+inf");
  if (ids.length === 0) return [];
  const texts = await redis.hmget(keys.workerInfo, ...ids);
  const infos = texts.flatMap((text) => (text === null ? [] : [JSON.parse(text) as WorkerInfo]));
  return infos.sort((a, b) => a.name.localeCompare(b.name) || a.pid - b.pid);
}
