import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as commands from "../../src/commands/list.js";
import { noPython, runInTerminal } from "../support/python.js";
import { BIN, run, runBuilt } from "../support/run.js";

describe("hadamask", () => {
  test("--help goes to stdout and lists every command", async () => {
    const { code, out, err } = await run(["--help"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    for (const name of Object.keys(commands)) expect(out).toMatch(new RegExp(`^  ${name} `, "m"));
  });

  test("without a command it prints the help on stderr: there was nothing to do", async () => {
    const { code, out, err } = await run([]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain("Usage: hadamask [options] [command]");
  });

  test.each(Object.keys(commands))("%s --help has a description, options and examples", async (name) => {
    const { code, out } = await run([name, "--help"]);
    expect(code).toBe(0);
    expect(out).toContain(`Usage: hadamask ${name}`);
    expect(out).toContain("Options:");
    expect(out).toMatch(new RegExp(`Examples:\n  hadamask ${name}`));
    expect((await run(["help", name])).out).toBe(out);
  });

  test("the help writes lists as they are typed, and no empty ones", async () => {
    const rate = (await run(["reproduce", "rate", "--help"])).out;
    expect(rate).toContain("(default: 512,512)");
    expect(rate).toMatch(/\(default:\s+0,0\.1,0\.2,0\.35,0\.5,0\.65,0\.8\)/);
    for (const name of Object.keys(commands)) expect((await run([name, "--help"])).out).not.toMatch(/default:\s+\[/);
  });

  test("examples stand beside what they do, or above it where lines would be long", async () => {
    expect((await run(["lab", "--help"])).out).toContain("  hadamask lab --port 0 --no-open  any free port");
    expect((await run(["train", "--help"])).out).toMatch(/\n {2}hadamask train\n {6}digits: .*\n {2}hadamask train --/);
    for (const name of Object.keys(commands)) {
      const { out } = await run([name, "--help"]);
      const lines = out.slice(out.indexOf("\nExamples:\n")).split("\n");
      expect(lines.filter((line) => line.length > 150)).toEqual([]);
    }
  });

  test("what a command lacks is said in its name", async () => {
    expect((await run(["worker"])).err).toBe(
      "worker: required option '--queue <url>' not specified\n(hadamask worker --help lists what there is)\n",
    );
    expect((await run(["reproduce", "rate", "--rats", "0"])).err).toBe(
      "reproduce rate: unknown option '--rats'\n(Did you mean --rates?)\n" +
        "(hadamask reproduce rate --help lists what there is)\n",
    );
  });

  test("prints the version of its package", async () => {
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    expect((await run(["--version"])).out).toBe(`${version}\n`);
    expect((await run(["-V"])).out).toBe(`${version}\n`);
  });

  test("an unknown command is misuse, and the nearest one is named", async () => {
    expect(await run(["masks"])).toMatchObject({
      code: 2,
      out: "",
      err: "hadamask: unknown command 'masks'\n(Did you mean mask?)\n(--help lists what there is)\n",
    });
  });

  test("an error has no stack unless --debug, before or after the command", async () => {
    const plain = (await run(["mask", "--shape", "2", "--rate", "2"])).err;
    expect(plain).toBe("mask: --rate must be in [0, 1], got 2; pass 0.02 for 2 %\n");
    for (const args of [
      ["--debug", "mask", "--shape", "2", "--rate", "2"],
      ["mask", "--shape", "2", "--rate", "2", "--debug"],
    ]) {
      const { code, err } = await run(args);
      expect(code).toBe(2);
      expect(err).toContain(plain.trimEnd());
      expect(err).toMatch(/\n {4}at /);
    }
  });
});

describe("the built command", () => {
  test("exits with the code of what happened", async () => {
    expect(await runBuilt(["mask", "--shape", "4,5"])).toEqual({
      code: 0,
      out: "10111\n11111\n11110\n11001\n",
      err: "",
    });
    expect((await runBuilt(["mask"])).code).toBe(2);
    expect((await runBuilt(["mask", "--shape", "1", "--out", "/no/such/folder/x"])).code).toBe(1);
  });

  test("writes no colours into a pipe", async () => {
    expect((await runBuilt(["explain"])).out).not.toContain("\u001b");
  });

  test.skipIf(noPython)(`has colours in a terminal, unless NO_COLOR is set (${noPython ?? "python3 is here"})`, () => {
    const command = [process.execPath, BIN, "explain"];
    const coloured = runInTerminal(command, { TERM: "xterm-256color" });
    expect(coloured).toContain("\u001b[31mdropped");
    expect(coloured).toContain("\u001b[32mkept");
    for (const env of [{ TERM: "xterm-256color", NO_COLOR: "1" }, { TERM: "dumb" }]) {
      const plain = runInTerminal(command, env);
      expect(plain).toContain("→ dropped");
      expect(plain).not.toContain("\u001b");
    }
  });

  test("ends quietly when the reader of its pipe has seen enough", async () => {
    const child = spawn(process.execPath, [BIN, "mask", "--shape", "40000,1000"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let err = "";
    child.stderr.on("data", (chunk) => {
      err += chunk;
    });
    child.stdout.once("data", () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect({ code, err }).toEqual({ code: 0, err: "" });
  });

  test.skipIf(!existsSync("/dev/full"))("says so when its output cannot be written (needs /dev/full)", () => {
    const full = openSync("/dev/full", "w");
    const { status, stderr } = spawnSync(process.execPath, [BIN, "mask", "--shape", "4"], {
      stdio: ["ignore", full, "pipe"],
      encoding: "utf8",
    });
    closeSync(full);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: "cannot write the output: no space left on the device\n",
    });
  });

  // The heavy parts (training, charts) are loaded by the commands that need them, when they run.
  test("help, mask and explain load neither charts nor an engine", async () => {
    for (const args of [["--help"], ["mask", "--shape", "4"], ["explain"]]) {
      const loaded = await loadedFiles(args);
      expect(loaded.length).toBeGreaterThan(10);
      expect(
        loaded.filter((file) => /node_modules\/(echarts|zrender|@resvg|@jax-js|@tensorflow|onnxruntime)/.test(file)),
      ).toEqual([]);
    }
  });
});

/** The module files a run loads, told by a hook on the loader. */
function loadedFiles(args: readonly string[]): Promise<string[]> {
  const hook =
    "data:text/javascript,import{appendFileSync}from'node:fs';export async function " +
    "load(u,c,n){appendFileSync(3,u+'\\n');return n(u,c)}";
  const register = `import{register}from"node:module";register(${JSON.stringify(hook)});`;
  const child = spawn(
    process.execPath,
    ["--import", `data:text/javascript,${encodeURIComponent(register)}`, BIN, ...args],
    {
      stdio: ["ignore", "ignore", "inherit", "pipe"],
    },
  );
  let text = "";
  child.stdio[3]!.on("data", (chunk) => {
    text += chunk;
  });
  return new Promise((resolve) => child.on("close", () => resolve(text.trim().split("\n"))));
}
