import { describe, expect, test } from "vitest";
import { cellsOf, markdownOf } from "../../../src/demo/notebook.js";

const SOURCE = `// %% [markdown]
// # Title
//
// - point

// %%
const a = 1;

console.log(a);

// %% [markdown]
// End.
`;

describe("notebooks", () => {
  test("are taken apart at their markers", () => {
    expect(cellsOf(SOURCE)).toEqual([
      { kind: "text", content: "# Title\n\n- point" },
      { kind: "code", content: "const a = 1;\n\nconsole.log(a);" },
      { kind: "text", content: "End." },
    ]);
  });

  test("a program without markers has no cells", () => {
    expect(cellsOf("// A program.\nconsole.log(1);\n")).toEqual([]);
  });

  test("are printed as Markdown, each output after its cell", () => {
    expect(markdownOf(cellsOf(SOURCE), ["1\n"])).toBe(
      "# Title\n\n- point\n\n```ts\nconst a = 1;\n\nconsole.log(a);\n```\n\n```text\n1\n```\n\nEnd.\n",
    );
  });
});
