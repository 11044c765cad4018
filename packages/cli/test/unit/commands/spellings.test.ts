// How numbers may be typed, and that nothing that was typed is passed over in silence.

import { expect, test } from "vitest";
import { MODELS, modelEntry } from "../../../../experiments/src/models/spec.js";
import { variantList } from "../../../src/commands/train-options.js";
import { run } from "../../support/run.js";

test.each([
  ["mask --shape 4 --rate 0b1", 'mask: --rate must be a number, got "0b1"'],
  ["mask --shape 4 --rate 50%", 'mask: --rate must be a number, got "50%"; write 0.5'],
  ["mask --shape 4 --rate 0,25", 'mask: --rate must be a number, got "0,25"; write 0.25'],
  ["mask --shape 4 --rate 1,000", 'mask: --rate must be a number, got "1,000"'],
  ["mask --shape 4 --rate 0x0", 'mask: --rate must be a number, got "0x0"'],
  ["mask --shape 0x10", 'mask: --shape must be whole numbers separated by commas, got "0x10"'],
  ["mask --shape 1e1", 'mask: --shape must be whole numbers separated by commas, got "1e1"'],
  ["mask --shape 4,", 'mask: --shape must be whole numbers separated by commas, got "4,"'],
  ["mask --shape ４", 'mask: --shape must be whole numbers separated by commas, got "４"'],
  ["explain --x 1,0x2", 'explain: --x must be numbers separated by commas, got "1,0x2"'],
  ["doctor no.npy --rate 0.5 --keep 0.5", "doctor: pass either --rate or --keep, not both; keep is 1 - rate"],
  ["help maks", "hadamask: unknown command 'maks'\n(Did you mean mask?)\n(--help lists what there is)"],
])("%s", async (line, said) => {
  expect(await run(line.split(" "))).toMatchObject({ code: 2, out: "", err: `${said}\n` });
});

test("the usual spellings are one number", async () => {
  const outs = [];
  for (const rate of ["0.5", "+0.5", ".5", "5e-1", " 0.5 "])
    outs.push((await run(["mask", "--shape", " 40 , 2 ", "--rate", rate])).out);
  expect(new Set(outs).size).toBe(1);
  expect((await run(["help", "mask"])).code).toBe(0);
});

test("a variant of the defaults is called as the same one typed, so that --resume finds it", () => {
  const usual = MODELS.flatMap((model) => [...modelEntry(model).variants]);
  expect(variantList(usual.join(","))).toEqual(usual);
});
