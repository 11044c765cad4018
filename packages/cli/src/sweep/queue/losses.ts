// Says when a connection is lost, and when it is back.

import type { Redis } from "ioredis";

/** Says each once. @returns Ends it. */
export function tellOfLosses(redis: Redis, what: string, note: (line: string) => void): () => void {
  let isLost = false;
  const onClose = (): void => {
    if (!isLost) note(`${what} does not answer; trying again`);
    isLost = true;
  };
  const onReady = (): void => {
    if (isLost) note(`${what} is back`);
    isLost = false;
  };
  redis.on("close", onClose).on("ready", onReady);
  return () => void redis.off("close", onClose).off("ready", onReady);
}
