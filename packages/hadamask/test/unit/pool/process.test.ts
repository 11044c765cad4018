import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const dist = new URL("../../../dist/pool.js", import.meta.url);
const isBuilt = existsSync(fileURLToPath(dist));

test.skipIf(!isBuilt)(
  "the process goes on until a call is done, and not for a pool that nobody closed (needs npm run build)",
  () => {
    const program = `
    import { createPool } from ${JSON.stringify(dist.href)};
    import { dropout, key } from ${JSON.stringify(new URL("index.js", dist).href)};
    const pool = createPool({ threads: 3 });
    const x = pool.alloc(1_000_000).fill(1);
    dropout(x, { rate: 0.5, key: key(1), out: x });
    pool.dropout(x, { rate: 0.5, key: key(2), out: x }).then(() => console.log("done"));
  `;
    const run = ["--input-type=module", "--eval", program];
    expect(execFileSync(process.execPath, run, { encoding: "utf8", timeout: 30_000 })).toBe("done\n");
  },
);
