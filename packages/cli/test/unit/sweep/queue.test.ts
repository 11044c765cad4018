// What of the queue needs no Redis: addresses, names, data as bytes, packages that are missing.

import { describe, expect, test } from "vitest";
import type { Dataset } from "../../../../experiments/src/data/dataset.js";
import { fromBytes, toBytes } from "../../../src/sweep/queue/dataset.js";
import { checkName } from "../../../src/sweep/queue/keys.js";
import { connectQueue } from "../../../src/sweep/queue/redis.js";
import { readAddress } from "../../../src/sweep/queue/url.js";

describe("readAddress", () => {
  const read = (text: string, env = {}) => readAddress("worker: --queue", text, env);

  test("knows host, port, database, user and password, and shows the address without the last two", () => {
    expect(read("redis://h")).toEqual({ host: "h", port: 6379, db: 0, isTls: false, shown: "redis://h:6379" });
    expect(read("rediss://me:p%40ss%2Fw@h.example:7000/3")).toEqual({
      ...{ host: "h.example", port: 7000, db: 3, isTls: true, username: "me", password: "p@ss/w" },
      shown: "rediss://h.example:7000/3",
    });
    expect(read("redis://[::1]:7000")).toMatchObject({ host: "::1", port: 7000 });
  });

  test("takes a password that is not in the address from the environment", () => {
    const env = { HADAMASK_QUEUE_PASSWORD: "secret" };
    expect(read("redis://h", env).password).toBe("secret");
    expect(read("redis://:mine@h", env).password).toBe("mine");
  });

  test.each([
    "",
    "h:6379",
    "http://me:secret@h",
    "redis://:secret@",
    "redis://h/x",
    "redis://h?a=secret",
    "redis://s%ecret@h",
  ])("refuses %j without repeating it", (text) => {
    expect(() => read(text)).toThrow(/^worker: --queue/);
    expect(() => read(text)).not.toThrow(/secret|ecret/);
  });
});

test("a data set comes out of its bytes as it went in, views and buffers of Node too", () => {
  const numbers = new Float32Array([9, 1.5, -0, Number.NaN, 7]).subarray(1, 4);
  const data: Dataset = {
    ...{ name: "a", description: "a line\nand another", featureCount: 1, classes: ["x", "y"], scaling: "standardise" },
    pool: { rows: 3, features: numbers, labels: Uint16Array.of(0, 1, 65535) },
    test: { rows: 2, features: Buffer.from([250, 1]), labels: new Uint16Array(2) },
    defaultTrainRows: 3,
  };
  const back = fromBytes(toBytes(data));
  expect(back).toEqual({ ...data, test: { ...data.test, features: Uint8Array.of(250, 1) } });
  expect(Object.is(back.pool.features[1], -0)).toBe(true);
});

test("a name is what a key can hold", () => {
  expect(checkName("sweep", "a.b-c_1")).toBe("a.b-c_1");
  for (const name of ["", "a b", "a:b", "a*", "x".repeat(65)]) {
    expect(() => checkName("sweep", name)).toThrow(/^sweep: --name must be 1 to 64 letters/);
  }
});

test("a package that is missing is said in one sentence, with the line to type", async () => {
  const load = () => Promise.reject(new Error("Cannot find package"));
  await expect(connectQueue("worker", readAddress("q", "redis://h"), load)).rejects.toThrow(
    "worker: --queue needs bullmq 6 and ioredis 5 or later; run npm install bullmq ioredis",
  );
});
