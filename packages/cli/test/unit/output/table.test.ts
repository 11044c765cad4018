import { describe, expect, test } from "vitest";
import { table } from "../../../src/output/table.js";
import { colours } from "../../../src/output/terminal.js";

describe("table", () => {
  test("lines columns up under their headings, numbers on the right, without trailing spaces", () => {
    const text = table(
      [{ title: "variant" }, { title: "error", align: "right" }, { title: "verdict" }],
      [
        ["none", "3.1 %", "worse"],
        ["bernoulli:0.5", "12.6 %", ""],
      ],
    );
    expect(text).toBe(
      [
        "variant         error  verdict",
        "-------------  ------  -------",
        "none            3.1 %  worse",
        "bernoulli:0.5  12.6 %",
        "",
      ].join("\n"),
    );
  });

  test("gives colours no width, and counts characters, not code units", () => {
    const rows = [
      [colours.green("✓ kept"), "1"],
      ["𝑥", "22"],
    ];
    const lines = table([{ title: "mark" }, { title: "n", align: "right" }], rows).split("\n");
    expect(lines[2]).toBe(`${colours.green("✓ kept")}   1`);
    expect(lines[3]).toBe("𝑥       22");
  });

  test("has a heading also without rows", () => {
    expect(table([{ title: "a" }, { title: "bc" }], [])).toBe("a  bc\n-  --\n");
  });
});
