import { describe, expect, test } from "vitest";
import { run } from "../../support/run.js";

describe("hadamask bench", () => {
  test("wants to time something", async () => {
    const { code, err } = await run(["bench", "--rounds", "0"]);
    expect(code).toBe(2);
    expect(err).toContain('bench: --rounds must be a whole number above 0, got "0"');
  });
});
