// One process collects the results of a sweep. It holds a key that expires when it is silent, so that another can take
// its place.

import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Redis } from "ioredis";
import { Failure } from "../../failure.js";
import { isRunning } from "../../files/temporaries.js";
import type { Keys } from "./keys.js";

interface Holder {
  readonly token: string;
  readonly pid: number;
  readonly host: string;
}

export interface Ownership {
  /** Says that this process is there. @throws {Failure} If another has taken its place. */
  renew(): Promise<void>;
  release(): Promise<void>;
}

/** Compare, then act: nobody else's key is touched. */
const ifMine = (act: string): string =>
  `if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call(${act}) end return 0`;
const RENEW: string = ifMine('"pexpire", KEYS[1], ARGV[2]');
const RELEASE: string = ifMine('"del", KEYS[1]');

/** @throws {Failure} If another process has the sweep of that name. */
export async function own(redis: Redis, { owner }: Keys, name: string, lockMs: number): Promise<Ownership> {
  const mine = JSON.stringify({ token: randomUUID(), pid: process.pid, host: hostname() } satisfies Holder);
  const take = async (): Promise<string | undefined> => {
    if ((await redis.set(owner, mine, "PX", lockMs, "NX")) === "OK") return undefined;
    return (await redis.get(owner)) ?? (await take());
  };
  let other = await take();
  if (other !== undefined && isGone(other)) {
    await redis.eval(RELEASE, 1, owner, other);
    other = await take();
  }
  if (other !== undefined) throw new Failure(takenText(name, other, lockMs));
  return {
    async renew() {
      if ((await redis.eval(RENEW, 1, owner, mine, lockMs)) === 1) return;
      const successor = await take(); // it was cut off for longer than the key lives
      if (successor !== undefined && successor !== mine) throw new Failure(takenText(name, successor, lockMs));
    },
    async release() {
      await redis.eval(RELEASE, 1, owner, mine);
    },
  };
}

function holderOf(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined;
  }
}

/** Of this machine, and ended without a word. */
function isGone(text: string): boolean {
  const holder = holderOf(text);
  return holder !== undefined && holder.host === hostname() && holder.pid !== process.pid && !isRunning(holder.pid);
}

function takenText(name: string, text: string, lockMs: number): string {
  const holder = holderOf(text);
  const who = holder === undefined ? "another process" : `process ${holder.pid} on ${holder.host}`;
  return (
    `sweep: ${who} is collecting the runs of the sweep called ${name}; choose another --name, ` +
    `or wait for it (where it is gone, for ${Math.ceil(lockMs / 1000)} s)`
  );
}
