// Trains many runs on several threads. Which thread trains which run, and in what order they end, changes no number.

import type { Checkpoint, TrainedRun } from "@hadamask/experiments";
import { everySoOften } from "./so-often.js";
import { type Order, RUNS_PER_THREAD, startThread, type ThreadData, type TrainingThread } from "./thread.js";

export interface PoolEvents<O extends Order = Order> {
  /** An epoch of a run has ended: `done` of `of`. */
  onEpoch(order: O, done: number, of: number): void;
  onCheckpoint(order: O, checkpoint: Checkpoint): void;
  onRun(order: O, run: TrainedRun): void;
  /** A run failed; without this the first one that fails ends all. */
  onFailure?(order: O, error: unknown): void;
}

/** @param threads 0 trains on the calling thread, which hears nothing else meanwhile. */
export async function trainAll<O extends Order>(
  shared: ThreadData,
  orders: Iterable<O>,
  threads: number,
  events: PoolEvents<O>,
): Promise<void> {
  if (threads === 0) return trainHere(shared, orders, events);
  const waiting = orders[Symbol.iterator]();
  const open = new Set<TrainingThread>();
  let isEmpty = false;
  const next = (): O | undefined => {
    const { done, value } = waiting.next();
    isEmpty = done === true;
    return isEmpty ? undefined : value;
  };
  /** Runs one after the other, on one thread after the other. */
  const serve = async (first: O): Promise<void> => {
    let order: O | undefined = first;
    while (order !== undefined) {
      const thread = startThread(shared);
      open.add(thread);
      for (let left = RUNS_PER_THREAD; left > 0 && order !== undefined; left--) {
        const isSound: boolean = await trainOn(thread, order, events);
        order = next();
        if (!isSound) break;
      }
      open.delete(thread);
      await thread.end();
    }
  };
  try {
    const serving: Promise<void>[] = [];
    for (let t = 0; t < threads && !isEmpty; t++) {
      const order = next();
      if (order !== undefined) serving.push(serve(order));
    }
    await Promise.all(serving);
  } finally {
    await Promise.all([...open].map((thread) => thread.end()));
  }
}

/** @returns Whether more can be trained on the thread. */
async function trainOn<O extends Order>(thread: TrainingThread, order: O, events: PoolEvents<O>): Promise<boolean> {
  let run: TrainedRun | undefined;
  try {
    run = await thread.train(order, {
      onEpoch: (done, of) => events.onEpoch(order, done, of),
      onCheckpoint: (checkpoint) => events.onCheckpoint(order, checkpoint),
    });
  } catch (error) {
    if (events.onFailure === undefined) throw error;
    events.onFailure(order, error);
    return false;
  }
  events.onRun(order, run!);
  return true;
}

async function trainHere<O extends Order>(
  { variantFiles, checkpointMs, keepsWeights = true }: ThreadData,
  orders: Iterable<O>,
  events: PoolEvents<O>,
): Promise<void> {
  const { trainRun } = await import("@hadamask/experiments");
  const { loadVariants } = await import("./own-variants.js");
  const own = { variants: await loadVariants(variantFiles) };
  for (const order of orders) {
    const { data, settings, task, from } = order;
    const told = {
      onEpoch: (done: number, of: number) => events.onEpoch(order, done, of),
      onStep: everySoOften(checkpointMs, (checkpoint) => events.onCheckpoint(order, checkpoint)),
      ...(from && { from }),
    };
    let run: TrainedRun;
    try {
      run = trainRun(data, settings, task.variant, task.seed, told, own);
    } catch (error) {
      if (events.onFailure === undefined) throw error;
      events.onFailure(order, error);
      continue;
    }
    events.onRun(order, keepsWeights ? run : { ...run, weights: [] });
  }
}
