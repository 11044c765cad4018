// `hadamask lab` as a user starts it, and the lab in Chromium under the server's policy: training repeats Node, files
// of the reader are read, masks and digits are what the library gives, the race ends, and the command ends well.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { compare } from "@hadamask/experiments";
import type { Comparison } from "@hadamask/experiments/settings";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadDataset } from "../../../cli/src/data/load.js";
import { testFolder } from "../../../cli/test/support/folder.js";
import { BIN, runBuilt } from "../../../cli/test/support/run.js";
import { hasChromium, reason } from "../../../hadamask/test/browser/chromium.js";
import { short } from "../../src/figure/numbers.js";
import * as draw from "../../src/lab/draw/model.js";
import { networkFrom, type StoredNetwork } from "../../src/lab/draw/network.js";
import { WORDS as drawWords } from "../../src/lab/draw/words.js";
import { npyOf } from "../../src/lab/masks/model.js";
import { commandOf, FIELDS, requestOf } from "../../src/lab/train/model.js";
import { startState, writeState } from "../../src/state/fields.js";
import { DIST, type OpenSite, openSite } from "./site.js";

const path = testFolder();
const SMALL = { variants: ["none", "bernoulli:0.5"], hidden: "8", epochs: 2, seeds: 2, trainSize: "60" };

describe.skipIf(!hasChromium)(`the lab (${reason})`, () => {
  let command: ChildProcess;
  let site: OpenSite;
  let port = "";
  beforeAll(async () => {
    command = spawn(process.execPath, [BIN, "lab", "--port", "0", "--no-open"], { stdio: ["ignore", "pipe", "pipe"] });
    const [line] = await once(command.stdout!, "data");
    const address = /^lab: (http:\S+)\/lab\/\n$/.exec(String(line))![1]!;
    port = new URL(address).port;
    site = await openSite(address);
  }, 120_000);
  afterAll(async () => {
    command?.kill();
    await site?.close();
  });

  test("training gives the numbers of `hadamask train`, and of a file that stays here", async () => {
    const state = { ...startState(FIELDS), ...SMALL };
    const { page, problems } = await site.open(`/lab/${writeState("train", FIELDS, state, "")}`);
    const figure = page.locator("#figure-train");
    // One epoch at a time, by key; then to the end.
    await figure.getByRole("button", { name: "One epoch" }).focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => summaryOf(figure), SLOW).toMatch(/^Seed 0\. none, epoch 1: .*bernoulli:0\.5, epoch 1: /);
    await figure.getByRole("button", { name: "Train", exact: true }).click();
    await expect.poll(() => summaryOf(figure), SLOW).toContain("Done; means over 2 seeds.");
    const words = commandOf(state, undefined).split(" ").slice(2);
    const { out, code } = await runBuilt([...words, "--json", "--threads", "0", "--out", path("report")]);
    expect(code).toBe(0);
    expect(await tableOf(figure)).toEqual(rowsOf(JSON.parse(out)));
    await expect.poll(() => figure.getByRole("table", { name: "Confusion matrix of none" }).count()).toBe(1);

    // What is changed is trained anew; the back button brings the settings back.
    writeFileSync(path("own.csv"), CSV);
    await figure.getByRole("radio", { name: "a CSV file of yours" }).focus();
    await page.keyboard.press("Space");
    await figure.locator("input[type=file]").setInputFiles(path("own.csv"));
    await page.waitForURL(({ searchParams }) => searchParams.get("train.data") === "own");
    await figure.getByRole("button", { name: "Train", exact: true }).click();
    await expect.poll(() => summaryOf(figure), SLOW).toContain("Done; means over 2 seeds.");
    const { comparison } = await compare(await loadDataset(path("own.csv")), requestOf({ ...state, data: "own" }));
    expect(await tableOf(figure)).toEqual(rowsOf(comparison));
    await page.goBack();
    await page.waitForURL(({ searchParams }) => !searchParams.has("train.data"));
    await expect.poll(() => figure.locator("input[type=file]").count()).toBe(0);

    // What makes no sense is said in the command's own words.
    await figure.locator("details:has(.inner) summary").click();
    await figure.getByLabel("training rows").fill("5000");
    await figure.getByRole("button", { name: "Train", exact: true }).click();
    await expect
      .poll(() => figure.getByRole("alert").textContent(), SLOW)
      .toBe(
        "train: --train-size must be between 1 and 1437 for optdigits, since a fifth of its 1797 rows is for testing, " +
          "got 5000",
      );
    expect(problems).toEqual([]);
    await page.context().close();
  }, 300_000);

  test("the doctor reads a mask of the reader, and the page saves one", async () => {
    const mask = { stream: "torch", rate: 0.5, seed: 42, rows: 16, columns: 16 } as const;
    const { page, problems } = await site.open("/lab/masks?masks.stream=torch&masks.rows=16&masks.columns=16");
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download .npy" }).click();
    const saved = await (await download).path();
    expect(readFileSync(saved)).toEqual(Buffer.from(npyOf(mask)));
    writeFileSync(path("mask.npy"), npyOf(mask));
    await page.locator("#figure-doctor input[type=file]").setInputFiles(path("mask.npy"));
    await expect
      .poll(() => summaryOf(page.locator("#figure-doctor")), SLOW)
      .toBe("mask.npy: nothing is wrong with it.");
    const findings = await page.locator("#figure-doctor li").allTextContents();
    expect(findings.at(-1)).toContain("It was drawn by torch, seed 42, call 1.");
    expect(problems).toEqual([]);
    await page.context().close();
  }, 120_000);

  test("the digit network says what it says in Node; keys draw and wipe", async () => {
    const network = networkFrom(await storedNetwork());
    const state = { ...startState(draw.FIELDS), passes: 30, seed: 5 };
    const { page, problems } = await site.open(`/lab/draw.html${writeState("draw", draw.FIELDS, state, "")}`);
    const figure = page.locator("#figure-draw");
    const expected = draw.present(network, state, drawWords.en);
    await expect.poll(() => summaryOf(figure), SLOW).toBe(expected.summary);
    expect(await tableOf(figure)).toEqual(
      expected.table.rows.map((row) => row.map((cell) => short(cell as number, 6))),
    );
    // The ten examples are told rightly.
    for (const digit of [7, 0]) {
      await figure.getByRole("button", { name: `example ${digit}` }).click();
      await expect.poll(() => summaryOf(figure)).toContain(`30 passes: ${digit} with probability`);
    }
    await figure.getByRole("application").focus();
    await page.keyboard.press("Delete");
    await expect.poll(() => summaryOf(figure)).toBe("Nothing is drawn yet.");
    await page.keyboard.press("Space");
    for (let i = 0; i < 6; i++) await page.keyboard.press("ArrowDown");
    await expect.poll(() => summaryOf(figure)).toContain("30 passes: ");
    expect(problems).toEqual([]);
    await page.context().close();
  }, 120_000);

  test("the race ends with a time for everybody, TensorFlow.js among them, in Chinese", async () => {
    const { page, problems } = await site.open("/zh/lab/race?race.size=64k&race.rounds=5&race.tfjs=1");
    const figure = page.locator("#figure-race");
    await figure.getByRole("button", { name: "开始测速" }).click();
    await expect
      .poll(async () => (await figure.locator("li").count()) + (await figure.getByRole("alert").count()), SLOW)
      .toBe(8);
    for (const row of await tableOf(figure))
      for (const cell of row.slice(1, 5)) expect(Number(cell)).toBeGreaterThan(0);
    expect(problems).toEqual([]);
    await page.context().close();
  }, 180_000);

  test("a page that is not there says so; a second lab says that the port is in use; Ctrl-C ends it", async () => {
    const { page } = await site.open("/zh/nothing");
    await expect.poll(() => page.locator("h1").textContent()).toBe("找不到页面");
    await page.context().close();
    expect(await runBuilt(["lab", "--port", port, "--no-open"])).toMatchObject({
      code: 1,
      err: expect.stringMatching(
        new RegExp(`lab: port ${port} is in use; pass another with --port, or --port 0 for any that is free\\n$`),
      ),
    });
    const ended = once(command, "exit");
    command.kill("SIGINT");
    expect(await ended).toEqual([0, null]);
  }, 120_000);
});

const SLOW = { timeout: 100_000, interval: 100 };

const summaryOf = (figure: Locator): Promise<string | null> => figure.locator(".figure-summary").textContent();

async function tableOf(figure: Locator): Promise<string[][]> {
  const details = figure.locator(".figure-foot details");
  if ((await details.getAttribute("open")) === null) await details.locator("summary").click();
  await figure.locator(".figure-table tbody tr").first().waitFor();
  const rows = await figure.locator(".figure-table tbody tr").all();
  return Promise.all(rows.map((row) => row.locator("td").allTextContents()));
}

/** The page's table for a comparison: seed by seed; the training loss is in the page alone. */
function rowsOf({ variants, model }: Comparison): unknown[][] {
  return model.seeds.flatMap((seed, i) =>
    variants.map(({ name, testError, nll }) => [
      name,
      String(seed),
      String(model.epochs),
      expect.any(String),
      short(testError.perSeed[i]!, 6),
      short(nll.perSeed[i]!, 6),
    ]),
  );
}

/** The network that the build made, from the file that the page loads. */
async function storedNetwork(): Promise<StoredNetwork> {
  const file = readdirSync(DIST, { recursive: true, encoding: "utf8" }).find((name) =>
    /network\.data\.[\w-]+\.js$/.test(name),
  )!;
  return ((await import(/* @vite-ignore */ pathToFileURL(`${DIST}${file}`).href)) as { data: StoredNetwork }).data;
}

/** Three classes by two features, with a heading. */
const ROWS = Array.from({ length: 90 }, (_, i) => [(i % 3) + Math.sin(i), (i % 7) - (i % 3), "abc"[i % 3]].join());
const CSV = `${["width,height,kind", ...ROWS].join("\n")}\n`;
