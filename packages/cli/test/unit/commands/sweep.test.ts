// What `hadamask sweep` refuses, in its own name: settings are checked where runs are trained.

import { expect, test } from "vitest";
import { testFolder } from "../../support/folder.js";
import { run } from "../../support/run.js";

const path = testFolder();

test.each([
  ["--seeds 1000000", "sweep: --seeds must be between 1 and 1000, got 1000000"],
  ["--hidden 0", "sweep: --hidden must be sizes of at least 1, got 0"],
  ["--batch-size 0", "sweep: --batch-size must be at least 1, got 0"],
  ["--input-rate 3", "sweep: --input-rate must be in [0, 1), got 3"],
  ["--epochs x", 'sweep: --epochs must be whole numbers separated by commas, got "x"'],
  [
    "--train-size 100000",
    "sweep: --train-size must be between 1 and 1437 for optdigits, since a fifth of its 1797 rows is for testing, " +
      "got 100000",
  ],
])("refuses %s", async (typed, sentence) => {
  const found = await run(["sweep", ...typed.split(" "), "--out", path("sweep")]);
  expect(found).toMatchObject({ code: 2, out: "", err: `${sentence}\n` });
});
