import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shareDataset } from "../../../../experiments/src/data/dataset.js";
import { UsageError } from "../../../../experiments/src/usage.js";
import { DataError } from "../../../src/data/data-error.js";
import { cacheFolder, fetchFiles, type RemoteFile } from "../../../src/data/download.js";
import { loadDataset } from "../../../src/data/load.js";
import { testFolder } from "../../support/folder.js";

const path = testFolder();

describe("optdigits", () => {
  test("has the rows, pixels and classes that its authors state", async () => {
    const data = await loadDataset("optdigits");
    expect(data).toMatchObject({ featureCount: 64, image: { height: 8, width: 8 }, defaultTrainRows: 250 });
    expect(data.classes).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    expect(data.pool.rows).toBe(1797);
    const counts = data.classes.map((_, c) => data.pool.labels.filter((label) => label === c).length);
    expect(counts).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180]); // optdigits.names, "Testing"
    expect(Math.min(...data.pool.features)).toBe(0);
    expect(Math.max(...data.pool.features)).toBe(16);
  });

  test("is the same after it is shared between threads", async () => {
    const data = await loadDataset("optdigits");
    const shared = shareDataset(data);
    expect(shared.pool.features.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect([...shared.pool.features]).toEqual([...data.pool.features]);
    expect([...shared.pool.labels]).toEqual([...data.pool.labels]);
  });
});

describe("loadDataset", () => {
  test("reads a CSV file, keeping 80 % of it for training", async () => {
    const file = path("flowers.csv");
    writeFileSync(file, `w,kind\n${Array.from({ length: 10 }, (_, i) => `${i},${i % 2 ? "a" : "b"}`).join("\n")}\n`);
    const data = await loadDataset(file);
    expect(data).toMatchObject({
      name: "flowers.csv",
      scaling: "standardise",
      classes: ["a", "b"],
      defaultTrainRows: 8,
    });
    expect(data.description).toBe(
      "10 rows of 1 numbers from flowers.csv, classes in column “kind”; each column scaled to mean 0 and variance 1.",
    );
  });

  test("refuses what is neither a name nor a file", async () => {
    await expect(loadDataset("cifar")).rejects.toThrow(
      new UsageError(
        "train: --data must be optdigits, mnist, fashion-mnist, a file (.csv, .tsv, .npy, .npz) or a folder of " +
          'IDX files, got "cifar"; there is no file or folder of that name',
      ),
    );
    await expect(loadDataset("optdigits", { label: "x" })).rejects.toThrow(
      new UsageError("train: --label goes with --data FILE.csv"),
    );
  });
});

describe("fetchFiles", () => {
  const content = Buffer.from("the bytes of a data set".repeat(1000));
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    if (request.url === "/good") response.end(content);
    else response.writeHead(404).end("no such file");
  });
  server.keepAliveTimeout = 60_000; // a busy machine may not come back to a connection for seconds
  let remote: RemoteFile;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/good`;
    const sha256 = createHash("sha256").update(content).digest("hex");
    remote = { name: "data.bin", url, bytes: content.length, sha256 };
  });
  afterAll(() => void server.close());

  const ADVICE = "get the files elsewhere and pass their folder with --data DIR";

  test("loads a file once, and again when it was changed", async () => {
    const folder = path("cache");
    const progress: number[] = [];
    const load = () => fetchFiles(folder, [remote], (_, received) => progress.push(received));
    await load();
    expect(readFileSync(join(folder, "data.bin"))).toEqual(content);
    expect(progress.at(-1)).toBe(content.length);
    const before = requests;
    await load();
    expect(requests).toBe(before);
    writeFileSync(join(folder, "data.bin"), "damaged");
    await load();
    expect(requests).toBe(before + 1);
    expect(readFileSync(join(folder, "data.bin"))).toEqual(content);
  });

  test("keeps nothing of a file whose sum is wrong", async () => {
    const folder = path("wrong");
    const wrong = { ...remote, sha256: "0".repeat(64) };
    await expect(fetchFiles(folder, [wrong], () => {})).rejects.toThrow(
      new DataError(`${remote.url}: its SHA-256 must be ${wrong.sha256}, got ${remote.sha256}; ${ADVICE}`),
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  test("says what the server answered, or that there is none", async () => {
    const url = remote.url.replace("/good", "/gone");
    await expect(fetchFiles(path("gone"), [{ ...remote, url }], () => {})).rejects.toThrow(
      new DataError(`cannot download ${url}: the server answers 404; ${ADVICE}`),
    );
    const nobody = "http://127.0.0.1:1/data";
    await expect(fetchFiles(path("nobody"), [{ ...remote, url: nobody }], () => {})).rejects.toThrow(
      /^cannot download http:\/\/127\.0\.0\.1:1\/data: .+; get the files elsewhere and pass their folder with --data DIR$/,
    );
  });

  test("keeps its cache where the system wants caches", () => {
    const before = process.env.XDG_CACHE_HOME;
    process.env.XDG_CACHE_HOME = "/caches";
    expect(cacheFolder()).toBe(join("/caches", "hadamask"));
    delete process.env.XDG_CACHE_HOME;
    expect(cacheFolder()).toMatch(/\.cache.hadamask$/);
    if (before !== undefined) process.env.XDG_CACHE_HOME = before;
  });
});
