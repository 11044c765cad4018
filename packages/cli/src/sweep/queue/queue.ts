// BullMQ's queue of a sweep: opened, and taken out of Redis with all that the sweep has there.

import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { JobData } from "./job.js";
import { type Keys, queueName } from "./keys.js";
import type { BullMq } from "./redis.js";

/** @param options `skipMetasUpdate`: to look at it without writing anything. */
export function openQueue(
  { Queue }: BullMq,
  name: string,
  connection: Redis,
  options: { readonly skipMetasUpdate?: true } = {},
): Queue<JobData> {
  const queue = new Queue<JobData>(queueName(name), { connection, ...options });
  queue.on("error", () => {}); // what it could not do is tried again
  return queue;
}

/** Takes out the jobs and all keys of a sweep, but for who collects it, which goes last. */
export async function removeSweep(queue: Queue<JobData>, redis: Redis, { pattern, owner }: Keys): Promise<void> {
  await queue.obliterate({ force: true });
  let cursor = "0";
  do {
    const [next, found] = await redis.scan(cursor, "MATCH", pattern, "COUNT", 1000);
    const others = found.filter((key) => key !== owner);
    if (others.length > 0) await redis.unlink(...others);
    cursor = next;
  } while (cursor !== "0");
}
