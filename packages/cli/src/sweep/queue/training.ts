// One job of a worker: from the last checkpoint to the run, both kept in Redis under the run's id.

import type { Checkpoint } from "@hadamask/experiments";
import type { Redis } from "ioredis";
import { checkpointText, parseCheckpoint } from "../../train/checkpoint-file.js";
import { runText } from "../../train/run-file.js";
import type { Admitted } from "./admit.js";
import { type JobData, packed, unpacked } from "./job.js";
import { KEPT_S, type Keys } from "./keys.js";
import { CANCELLED } from "./plan-key.js";
import type { Seats } from "./seats.js";

/** What a job does to be done. Tests count jobs without training. */
export type TrainJob = (id: string, job: JobData, admitted: Admitted, stop: Int32Array) => Promise<boolean>;

/** Trains a job and sends its run. It gives false where it was stopped: then its last checkpoint is in Redis. */
export const jobTrainer =
  (redis: Redis, keys: Keys, seats: Seats, note: (line: string) => void): TrainJob =>
  async (id, { provenance, variantFiles, checkpointMs }, { data, settings }, stop) => {
    const { variant, seed } = provenance;
    const saved = await redis.getBuffer(keys.checkpoint(id));
    const from = saved === null ? undefined : parseCheckpoint(provenance, (await unpacked(saved)).toString());
    if (from !== undefined) note(`worker: ${variant}, seed ${seed} continues after step ${from.trainer.step}`);
    let sending: Promise<unknown> = Promise.resolve();
    const send = async (checkpoint: Checkpoint): Promise<void> => {
      if ((await redis.get(keys.plan)) === CANCELLED) return; // nobody would take it out again
      const bytes = await packed(checkpointText(provenance, checkpoint));
      await redis.set(keys.checkpoint(id), bytes, "EX", KEPT_S);
    };
    const order = { data, settings, task: { variant, seed }, stop, ...(from && { from }) };
    const run = await seats.train({ variantFiles, checkpointMs }, order, {
      onCheckpoint(checkpoint) {
        sending = sending.then(() => send(checkpoint)).catch(() => {}); // the next one may get through
      },
    });
    await sending;
    if (run === undefined) return false;
    await sendRun(redis, keys, id, runText(provenance, run));
    return true;
  };

/** Run and news of it come together, or not at all. */
export async function sendRun(redis: Redis, keys: Keys, id: string, text: string): Promise<void> {
  await redis
    .multi()
    .set(keys.result(id), await packed(text), "EX", KEPT_S)
    .rpush(keys.done, id)
    .expire(keys.done, KEPT_S)
    .del(keys.checkpoint(id))
    .exec();
}
