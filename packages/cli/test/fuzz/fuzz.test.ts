// A short run of npm run fuzz: other cases than those of the long runs in docs/reliability.md, the same every time.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { testFolder } from "../support/folder.js";

test("50 mutants of every format are taken or refused with a sentence", async () => {
  const script = fileURLToPath(new URL("fuzz.mjs", import.meta.url));
  const folder = testFolder()("");
  const { code, out } = await new Promise<{ code: number; out: string }>((resolve) => {
    const child = execFile(process.execPath, [script, "--seed", "12", "--count", "50"], { cwd: folder }, (_, out) =>
      resolve({ code: child.exitCode ?? -1, out }),
    );
  });
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringMatching(/fuzz: 0 failures in \d+ s\n$/) });
}, 300_000);
