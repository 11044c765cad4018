// What travels: jobs to the workers, and compressed texts in both directions. Both sides read this file, so that they
// agree.

import { promisify } from "node:util";
import { constants, gunzip, gzip } from "node:zlib";
import type { Provenance } from "../../train/run-file.js";

/** A run to train: settings, variant, seed, and the sum of the data's rows are in its provenance. */
export interface JobData {
  readonly provenance: Provenance;
  readonly versions: Readonly<Record<string, string>>;
  /** Where the modules with variants of the user's own are, on every machine. */
  readonly variantFiles: readonly string[];
  readonly checkpointMs: number;
}

const [zip, unzip] = [promisify(gzip), promisify(gunzip)];

/** Quick rather than small: most of it is numbers in base64, which gives back its extra third at any level. */
export const packed = (text: string | Uint8Array): Promise<Buffer> => zip(text, { level: constants.Z_BEST_SPEED });

/** Whatever was stored may not grow without end. */
const MOST_BYTES = 2 ** 29;

export const unpacked = (bytes: Uint8Array): Promise<Buffer> => unzip(bytes, { maxOutputLength: MOST_BYTES });
