// Where things of a sweep are in Redis, besides what BullMQ keeps of its jobs.

import { UsageError } from "@hadamask/experiments/settings";

/** The queue's name for BullMQ: its keys begin with "bull:hadamask-NAME:". */
export const queueName = (name: string): string => `hadamask-${name}`;

export interface Keys {
  /** Which process collects the results. Expires when it is silent. */
  readonly owner: string;
  /** What the sweep is, or that it was cancelled. */
  readonly plan: string;
  /** Ids of runs that ended, in order; the coordinator takes them from the front. */
  readonly done: string;
  /** Workers by the time they were last heard of, and what is known of each. */
  readonly workers: string;
  readonly workerInfo: string;
  result(id: string): string;
  checkpoint(id: string): string;
  /** Of a data set, by the sum of its rows; of a piece, by the sum of its bytes. */
  data(digest: string): string;
  piece(sum: string): string;
  /** All of them. */
  readonly pattern: string;
}

export function keysOf(name: string): Keys {
  const base = `hadamask:${name}`;
  return {
    owner: `${base}:owner`,
    plan: `${base}:plan`,
    done: `${base}:done`,
    workers: `${base}:workers`,
    workerInfo: `${base}:worker-info`,
    result: (id) => `${base}:result:${id}`,
    checkpoint: (id) => `${base}:checkpoint:${id}`,
    data: (digest) => `${base}:data:${digest}`,
    piece: (sum) => `${base}:piece:${sum}`,
    pattern: `${base}:*`,
  };
}

/** Seconds after which what nobody collects is gone: a week. */
export const KEPT_S = 7 * 24 * 3600;

/** @throws {UsageError} If it is not a name that Redis keys can hold. */
export function checkName(command: string, name: string): string {
  if (/^[\w.-]{1,64}$/.test(name)) return name;
  throw new UsageError(
    `${command}: --name must be 1 to 64 letters, digits, dots, dashes or underscores, got ${JSON.stringify(name)}`,
  );
}
