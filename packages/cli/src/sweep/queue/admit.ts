// Whether a job can be trained here with the numbers that it would have elsewhere: the same versions, the same data,
// the same variants. What cannot is refused before any work.

import { type Dataset, type RunSettings, shareDataset } from "@hadamask/experiments/settings";
import type { Redis } from "ioredis";
import { Failure } from "../../failure.js";
import { type Provenance, provenanceOf } from "../../train/run-file.js";
import { decisiveVersions } from "../../train/versions.js";
import { fetchData } from "./dataset.js";
import type { JobData } from "./job.js";
import type { Keys } from "./keys.js";

export interface Admitted {
  /** Its arrays are shared between threads. */
  readonly data: Dataset;
  readonly settings: RunSettings;
}

/** Data sets that are kept in memory: a worker goes from one to the next. */
const KEPT = 4;

/** @returns Admits a job. It throws a {@link Failure} where this worker can train none of that kind. */
export function admitter(redis: Redis, keys: Keys): (job: JobData) => Promise<Admitted> {
  const known = new Map<string, Promise<Dataset>>();
  const dataOf = (digest: string): Promise<Dataset> => {
    const data = known.get(digest) ?? fetchData(redis, keys, digest).then(shareDataset);
    known.delete(digest);
    known.set(digest, data);
    data.catch(() => known.delete(digest));
    const [oldest] = known.keys();
    if (known.size > KEPT) known.delete(oldest!);
    return data;
  };
  return async ({ provenance, versions, variantFiles }) => {
    const here = decisiveVersions();
    for (const name of Object.keys(here)) {
      if (versions[name] === here[name]) continue;
      throw new Failure(
        `worker: the sweep is of ${name} ${versions[name] ?? "unknown"}, and here is ${here[name]}; install the same`,
      );
    }
    const data = await dataOf(provenance.digest);
    const settings = settingsOf(provenance);
    const own = provenanceHere(data, settings, variantFiles);
    const difference = (Object.keys({ ...own, ...provenance }) as (keyof Provenance)[]).find(
      (name) =>
        !["variant", "seed", "data"].includes(name) && JSON.stringify(own[name]) !== JSON.stringify(provenance[name]),
    );
    if (difference === undefined) return { data, settings };
    throw new Failure(
      difference === "variantFiles"
        ? `worker: ${variantFiles.join(", ")} have another text here than where the sweep was started`
        : `worker: the sweep was started by another build of hadamask (its ${difference} is another); install the same`,
    );
  };
}

function settingsOf({ format, data, digest, variant, seed, variantFiles, ...settings }: Provenance): RunSettings {
  return settings;
}

function provenanceHere(data: Dataset, settings: RunSettings, files: readonly string[]): Partial<Provenance> {
  try {
    return provenanceOf(data, settings, files);
  } catch (error) {
    throw new Failure(`worker: cannot read ${files.join(", ")}; own variants have to be at the same path everywhere`, {
      cause: error,
    });
  }
}
