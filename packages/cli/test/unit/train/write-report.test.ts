import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import type { ComparisonResult } from "../../../../experiments/src/result.js";
import { sampleResult } from "../../../../experiments/test/support/sample-result.js";
import { writeReport } from "../../../src/train/report/write-report.js";
import { testFolder } from "../../support/folder.js";

const path = testFolder();

function report(result: ComparisonResult, name: string): { html: string; files: string[] } {
  const files = writeReport(result, path(name)).map((file) => basename(file));
  expect(readdirSync(path(name)).sort()).toEqual([...files].sort());
  return { html: readFileSync(path(`${name}/report.html`), "utf8"), files };
}

/** The page without its scripts: what a reader reads. */
const words = (html: string): string =>
  html.replaceAll(/<script[\s\S]*?<\/script>/g, "").replaceAll(/<style[\s\S]*?<\/style>/g, "");

interface Chart {
  readonly name: string;
  readonly light: object;
  readonly dark: object;
}
const chartsOf = (html: string): Chart[] =>
  JSON.parse(/<script type="application\/json" id="charts">([\s\S]*?)<\/script>/.exec(html)![1]!);

describe("writeReport", () => {
  const result = sampleResult();
  const { html, files } = report(result, "deep/report");

  test("makes the folder and writes the page and a PNG for every chart in it", () => {
    const charts = chartsOf(html);
    expect(files).toEqual(["report.html", ...charts.map(({ name }) => `${name}.png`)]);
    expect(charts.map(({ name }) => name)).toEqual([
      "curves-nll",
      "curves-test-error",
      "nll",
      "test-error",
      "reliability",
      "calibration-error",
      "curves-training-loss",
      "first-layer-1",
      "first-layer-2",
    ]);
    for (const file of files.slice(1)) {
      const png = readFileSync(path(`deep/report/${file}`));
      expect(png.subarray(0, 8).toString("hex")).toBe("89504e470d0a1a0a");
      expect(html).toContain(`href="${file}"`);
    }
  });

  test("the page needs nothing but itself", () => {
    const text = words(html);
    expect(text).not.toMatch(/<link|@import|url\(/);
    expect([...text.matchAll(/(?:src|href)="([^"]*)"/g)].map((match) => match[1])).toEqual(
      // The pictures for readers without JavaScript, and the links of the menu.
      [...files.slice(1), ...files.slice(1)],
    );
    expect(html).toContain("echarts");
  });

  test("every chart is there in light and in dark", () => {
    for (const { name, light, dark } of chartsOf(html)) {
      expect(light, name).toMatchObject({ backgroundColor: "#ffffff" });
      expect(dark, name).toMatchObject({ backgroundColor: "#15181d" });
      expect(html).toContain(`id="${name}"`);
    }
    expect(html).toContain("prefers-color-scheme:dark");
  });

  test("says in words what happened, and how it was done", () => {
    const text = words(html);
    for (const finding of result.findings) expect(text).toContain(`<li>${finding.replaceAll(" %", "\u00a0%")}</li>`);
    expect(text).toContain(
      "2 variants of a 64-256-256-10 network, 5 seeds each, trained on 1,000 rows and tested on 797.",
    );
    expect(text).toContain(`<pre><code>npx ${result.comparison.command}</code></pre>`);
    expect(text).toContain("hadamask 0.1.0, @jax-js/jax 0.1.25");
  });

  test("has the numbers in tables, shares in percent", () => {
    const rows = [...words(html).matchAll(/<tr>(.*?)<\/tr>/g)].map((match) =>
      match[1]!
        .replaceAll("<small>", " | ")
        .replaceAll(/<\/t[hd]>/g, "\t")
        .replaceAll(/<[^>]+>/g, "")
        .trimEnd()
        .split("\t"),
    );
    expect(rows).toContainEqual([
      "bernoulli:0.5",
      "0.0904 | 0.0774 to 0.1035",
      "2.45 | 2.24 to 2.99",
      "0.85 | 0.69 to 0.92",
      "0.04",
      "60",
      "0.23",
    ]);
    expect(rows).toContainEqual([
      "bernoulli:0.5, against none",
      "−0.0300 | −0.0410 to −0.0180",
      "−0.50 | −1.10 to +0.10",
      "−0.60 | −0.90 to −0.30",
    ]);
    expect(rows.find(([name]) => name === "none: test error, %")).toHaveLength(6);
  });

  test("a variant has one name in words, tables and charts, and what it stands for is said once", () => {
    expect(words(html).match(/Bernoulli dropout, input 0\.1, hidden 0\.5/g)).toHaveLength(1);
    expect(words(html)).toContain("<dt>bernoulli:0.5</dt><dd>Bernoulli dropout, input 0.1, hidden 0.5</dd>");
    const charts = JSON.stringify(chartsOf(html));
    expect(charts).toContain("bernoulli:0.5");
    expect(charts).not.toContain("Bernoulli dropout");
  });

  test("says what NLL is, and what guessing costs", () => {
    expect(words(html)).toContain("0 nats where it was certain and right every time, 2.3026 where it only guessed");
  });

  test("texts of charts carry their values", () => {
    const texts = new Map(
      [...html.matchAll(/id="([\w-]+)"[^>]*aria-label="([^"]*)"/g)].map((match) => [match[1], match[2]]),
    );
    expect(texts.size).toBe(9);
    expect(texts.get("nll")).toContain("bernoulli:0.5: 0.0904 nats (95\u00a0% interval 0.0774 nats to 0.1035 nats)");
    expect(texts.get("curves-nll")).toMatch(
      /none: 0\.\d{4} nats after epoch 60, lowest 0\.\d{4} nats after epoch \d+;/,
    );
    expect(texts.get("reliability")).toMatch(/none: \d+\.\d\d\u00a0% sure, \d+\.\d\d\u00a0% right/);
    expect(texts.get("first-layer-1")).toMatch(/Weights of \d+ units, from −\d.* to \d/);
    for (const text of texts.values()) expect(html).toContain(`alt="${text}"`);
  });

  test("pictures are one menu, and titles are text of the page", () => {
    expect(words(html).match(/<details class="pictures">/g)).toHaveLength(1);
    expect(words(html)).toContain('<li><a href="nll.png" download>Test NLL</a></li>');
    expect(words(html)).toContain("<h3>Test NLL</h3>");
    for (const { light } of chartsOf(html)) expect(light).not.toHaveProperty("title");
  });

  test("names from files cannot break out of the page", () => {
    const hostile = sampleResult();
    const name = `</script><img src=x onerror=alert(1)>"'&`;
    const comparison = {
      ...hostile.comparison,
      data: { ...hostile.comparison.data, name, description: name },
      command: name,
      variants: hostile.comparison.variants.map((variant) => ({ ...variant, name, title: name })),
    };
    const { html: page } = report({ ...hostile, comparison, findings: [name] }, "hostile");
    expect(page).not.toContain("<img src=x");
    expect(page).toContain("&lt;img src=x onerror=alert(1)&gt;");
    expect(page.match(/<script/g)).toHaveLength(3);
    expect(page.match(/<\/script>/g)).toHaveLength(3);
    expect(JSON.stringify(chartsOf(page))).toContain("onerror");
  });

  test("one variant, one seed, one epoch and a table for data: still a report", () => {
    const { comparison, curves, reliability, findings, firstLayers } = sampleResult();
    const { image: _, ...data } = comparison.data;
    const first = comparison.variants.slice(0, 1).map((variant) => ({
      ...variant,
      nll: { ...variant.nll, perSeed: variant.nll.perSeed.slice(0, 1) },
    }));
    const run = { ...curves[0]!, trainLoss: [0.4], testNll: [0.3], testError: [0.1] };
    const small = {
      comparison: {
        ...comparison,
        data,
        variants: first,
        paired: [],
        model: { ...comparison.model, seeds: [0], epochs: 1 },
      },
      curves: [run],
      reliability: reliability.slice(0, 1),
      firstLayers: firstLayers.slice(0, 1).map(({ image: none, ...layer }) => layer),
      findings,
      seconds: 1,
    };
    const { html: page, files: written } = report(small, "small");
    expect(written.some((file) => file.startsWith("first-layer"))).toBe(false);
    expect(words(page)).not.toContain("Paired differences");
    expect(words(page)).toContain("1 variant of a 64-256-256-10 network, 1 seed each");
  });
});
