// Runs of `hadamask train` that are saved, whole and in the middle: what was altered has to be told from what was not.

import { readFileSync, writeFileSync } from "node:fs";
import { loadCheckpoint, saveCheckpoint } from "../../dist/train/checkpoint-file.js";
import { loadRun, provenanceOf, runPath, saveRun } from "../../dist/train/run-file.js";
import { mutatedBytes } from "./mutate.mjs";
import { folder } from "./place.mjs";

const none = { features: new Float32Array(1), labels: new Uint16Array(1) };
const { format } = provenanceOf({ name: "d", pool: none, classes: [] }, {});
const provenance = { format, data: "d", digest: "", variant: "none", seed: 0, epochs: 2 };
const EXPECTED = { provenance, testRows: 3 };

saveRun(folder, provenance, {
  variant: "none",
  seed: 0,
  trainLoss: [1, 0.5],
  epochs: [1, 2],
  testNll: [1, 0.5],
  testError: [0.5, 0.25],
  trainError: 0,
  predictions: {
    label: Uint16Array.of(0, 1, 2),
    predicted: Uint16Array.of(0, 1, 1),
    confidence: Float32Array.of(0.5, 0.6, 0.7),
    nll: Float32Array.of(0.1, 0.2, 0.3),
  },
  weights: [{ shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) }],
});
saveCheckpoint(folder, provenance, { seconds: 1, trainer: { step: 3, values: Float32Array.of(1, 2, 3) } });
const runFile = runPath(folder, "none", 0);
const partFile = `${runFile}.part`;
const [run, part] = [runFile, partFile].map((path) => readFileSync(path));

export const RUNS = {
  run: {
    make: (random) => mutatedBytes(run, random),
    put: (bytes) => {
      writeFileSync(runFile, bytes);
      const found = loadRun(folder, EXPECTED);
      if (found !== undefined && "run" in found && !bytes.equals(run)) throw new Error("an altered run was taken");
    },
  },
  part: {
    make: (random) => mutatedBytes(part, random),
    put: (bytes) => {
      writeFileSync(partFile, bytes);
      const found = loadCheckpoint(folder, provenance);
      if (found !== undefined && "checkpoint" in found && !bytes.equals(part))
        throw new Error("an altered checkpoint was taken");
    },
  },
};
