// The sources as programs: what they print is committed, and what they print now has to be the same.
// After a wanted change: hadamask demo 000 > examples/transcripts/000.txt, and for 004 > docs/notebook.md.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { runBuilt } from "../../support/run.js";

const root = new URL("../../../../../", import.meta.url);
const transcripts = readdirSync(new URL("examples/transcripts/", root)).map((file) => file.replace(/\.txt$/, ""));

/** "001-torch" is the program of source 001 on PyTorch's stream. */
const demoArgs = (name: string): string[] => {
  const [source, stream] = name.split(/-(.*)/s);
  return ["demo", source!, ...(stream === undefined ? [] : ["--stream", stream])];
};

describe("hadamask demo", () => {
  test.each(transcripts)("prints the committed transcript of %s", async (name) => {
    const expected = readFileSync(new URL(`examples/transcripts/${name}.txt`, root), "utf8");
    expect(await runBuilt(demoArgs(name))).toEqual({ code: 0, out: expected, err: "" });
  });

  test("every example has a transcript, and 004 is docs/notebook.md", () => {
    const examples = readdirSync(new URL("examples/", root)).flatMap((file) => /^(\d.*)\.ts$/.exec(file)?.[1] ?? []);
    expect([...transcripts, "004"].sort()).toEqual(examples.sort());
  });

  test("004 prints docs/notebook.md: its cells in order, each with what it prints now", async () => {
    const { code, out, err } = await runBuilt(["demo", "004"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toBe(readFileSync(new URL("docs/notebook.md", root), "utf8"));
    expect(out.match(/^```ts$/gm)).toHaveLength(6);
    expect(out.match(/^```text$/gm)).toHaveLength(6);
  });

  test("001 walks the example of source 001 with our mask, and agrees with hadamask explain", async () => {
    const { out } = await runBuilt(["demo", "001"]);
    const explained = JSON.parse((await runBuilt(["explain", "--json"])).out);
    expect(out).toContain(`Mask (1 = kept, 0 = dropped)\n [${explained.mask.join(", ")}]`);
    expect(out).toContain(`Loss: L = sum(y) = ${explained.loss}\n`);
    const flow = JSON.parse(
      (await runBuilt(["explain", "--x", "normal:10", "--loss", "sum-of-squares", "--json"])).out,
    );
    for (const [i, dx] of flow.dx.entries()) {
      expect(out).toMatch(new RegExp(`^ ${i} .* ${dx.toFixed(4).replace(".", "\\.")}$`, "m"));
    }
  });

  test("lists the programs when none is named", async () => {
    const { code, out } = await runBuilt(["demo"]);
    expect(code).toBe(0);
    for (const name of [...transcripts, "004"])
      expect(out).toMatch(new RegExp(`^hadamask ${demoArgs(name).join(" ")}  +\\S`, "m"));
  });

  test("refuses a source or a stream that there is no program for", async () => {
    const { code, err } = await runBuilt(["demo", "9"]);
    expect(code).toBe(2);
    expect(err).toMatch(/^demo: source must be one of 000, 001, .*, got "9"\n$/);
    expect(await runBuilt(["demo", "000", "--stream", "torch"])).toMatchObject({
      code: 2,
      err: 'demo: --stream must be left out for 000, which runs on our own masks, got "torch"\n',
    });
  });
});
