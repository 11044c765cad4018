// The threads of a worker: as many as it trains runs at a time, each used for several runs.

import type { TrainedRun } from "@hadamask/experiments";
import { type Order, RUNS_PER_THREAD, type RunTold, startThread, type TrainingThread } from "../../train/thread.js";

/** What a thread is started with. */
export interface ThreadNeeds {
  readonly variantFiles: readonly string[];
  readonly checkpointMs: number;
}

export interface Seats {
  /** The run; undefined where it was stopped. Rejects where it fails; the next one has a fresh thread. */
  train(needs: ThreadNeeds, order: Order, told: RunTold): Promise<TrainedRun | undefined>;
  end(): Promise<void>;
}

interface Seat {
  readonly thread: TrainingThread;
  readonly needs: string;
  left: number;
}

export function seatsFor(): Seats {
  const free: Seat[] = [];
  const open = new Set<Seat>();
  const close = async (seat: Seat): Promise<void> => {
    open.delete(seat);
    await seat.thread.end();
  };
  const seatWith = (needs: ThreadNeeds): Seat => {
    const text = JSON.stringify(needs);
    const found = free.pop();
    if (found !== undefined && found.needs === text) return found;
    if (found !== undefined) void close(found);
    const seat = { thread: startThread({ ...needs, keepsWeights: false }), needs: text, left: RUNS_PER_THREAD };
    open.add(seat);
    return seat;
  };
  return {
    async train(needs, order, told) {
      const seat = seatWith(needs);
      try {
        const run = await seat.thread.train(order, told);
        if (--seat.left > 0) free.push(seat);
        else void close(seat);
        return run;
      } catch (error) {
        void close(seat);
        throw error;
      }
    },
    async end() {
      await Promise.all([...open].map(close));
    },
  };
}
