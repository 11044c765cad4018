// The layers where the back end's arrays are out of reach, as on a GPU: noise is handed over as tensors. Run on "cpu".

import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, vi } from "vitest";
import { holdRows } from "./hold-rows.js";

vi.mock("../../../src/tfjs/arrays.js", () => ({
  hasArrays: () => false,
  mapArrays: () => {
    throw new Error("no arrays here");
  },
}));

describe("by operations of the engine", () => {
  beforeAll(async () => {
    await tf.setBackend("cpu");
  });

  holdRows();
});
