// Runs tests of a folder of sources, as asked by its parent (tested-copy.mjs): one vitest for all, since starting one
// takes longer than most tests. Ends with all its processes when the parent is gone.

import { createVitest } from "vitest/node";

const [root] = process.argv.slice(2);

const vitest = await createVitest("test", {
  root,
  watch: false,
  reporters: [{ onInit() {} }],
  bail: 1,
  testTimeout: 3_600_000, // a busy machine must not look like a fault; the parent has a limit of processor time
  hookTimeout: 3_600_000,
  maxWorkers: 1,
  env: { NO_COLOR: "1" },
});

/** What went wrong in a test file, or kept it from running. */
const errorsOf = (module) => [
  ...module.errors(),
  ...[...module.children.allTests("failed")].flatMap((test) => test.result().errors ?? []),
];

process.on("disconnect", () => process.kill(-process.pid, "SIGKILL"));
process.on("message", async ({ changed, filter }) => {
  if (changed !== undefined) vitest.invalidateFile(`${root}/${changed}`);
  if (filter === undefined) return;
  try {
    const specifications = await vitest.globTestSpecifications([filter]);
    if (specifications.length === 0) throw new Error(`no test file fits ${filter}`);
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications, false);
    // Among these are the files of earlier runs, with what they ended with.
    const asked = new Set(specifications.map(({ moduleId }) => moduleId));
    const failed = testModules.filter((module) => asked.has(module.moduleId) && module.state() === "failed");
    const errors = [...unhandledErrors, ...failed.flatMap(errorsOf)].map((error) => String(error.message ?? error));
    const isFailed = failed.length > 0 || errors.length > 0;
    process.send?.({ verdict: isFailed ? "failed" : "passed", reason: errors[0]?.split("\n")[0] });
  } catch (error) {
    process.send?.({ error: error.message });
  }
});
