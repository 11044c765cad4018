// A copy of the sources to put faults in, and the tests that have to notice them. The tree itself is never touched, so
// nothing has to be put back, whatever ends the script. A fault may make a loop endless: the tests run in a group of
// processes of their own, which is ended when it has used far more time than they need without a fault.
//
// It needs process groups and `ps`, so not Windows.

import { execFileSync, fork } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Seconds of processor time: tests of a second may need several on a busy machine, and start-up is not theirs. */
const LEAST = 10;
/** How many times as long as without a fault. */
const TIMES = 4;
/** Who only waits uses no processor time: so many times the limit, by the clock. */
const CLOCK = 10;

/** The files that git knows, or would if they were added, with the packages that are installed beside them. */
function copySources() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "hadamask-copy-")));
  const listed = execFileSync("git", ["ls-files", "-z", "-co", "--exclude-standard"], { cwd: root, encoding: "utf8" });
  for (const file of listed.split("\0")) {
    if (file !== "" && existsSync(join(root, file))) cpSync(join(root, file), join(folder, file));
  }
  const places = ["", ...readdirSync(join(root, "packages")).map((name) => join("packages", name))];
  for (const place of places) {
    const modules = join(root, place, "node_modules");
    if (existsSync(modules)) symlinkSync(modules, join(folder, place, "node_modules"));
  }
  return folder;
}

/** "1-02:03:04" or "02:03:04" or "03:04", in seconds. */
function secondsOf(time) {
  const [clock, days = "0"] = time.split("-").reverse();
  return clock.split(":").reduce((sum, part) => 60 * sum + Number(part), 86400 * Number(days));
}

/** Processor time of the processes of a group that live now. */
function groupSeconds(group) {
  const lines = execFileSync("ps", ["-A", "-o", "pgid=,time="], { encoding: "utf8" }).trim().split("\n");
  const own = lines.map((line) => line.trim().split(/\s+/)).filter(([pgid]) => Number(pgid) === group);
  return own.reduce((sum, [, time]) => sum + secondsOf(time), 0);
}

/** @typedef {"passed" | "failed" | "did not end"} Verdict */

export class TestedCopy {
  #folder = copySources();
  #server;
  /** Seconds that these tests may take. */
  #limits = new Map();

  constructor() {
    process.on("exit", () => this.close());
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(130));
  }

  /** @param {string} file */
  read(file) {
    return readFileSync(join(this.#folder, file), "utf8");
  }

  /**
   * What tests say while `file` holds `text`: those of the first filter, and of the others where they pass.
   *
   * @param {string} file
   * @param {string} text
   * @param {readonly string[]} filters Paths of test files or folders, or the beginnings of them.
   * @returns {Promise<Verdict>}
   */
  async test(file, text, filters) {
    const sound = this.read(file);
    const change = (to) => {
      writeFileSync(join(this.#folder, file), to);
      this.#server?.send({ changed: file });
    };
    try {
      for (const filter of filters) {
        await this.#soundLimit(filter);
        change(text);
        const { verdict } = await this.#run(filter, this.#limits.get(filter));
        if (verdict !== "passed") return verdict;
        change(sound);
      }
      return "passed";
    } finally {
      change(sound);
    }
  }

  /** The tests have to pass without a fault, or their failure would say nothing. */
  async #soundLimit(filter) {
    if (this.#limits.has(filter)) return;
    const { verdict, seconds, reason = verdict } = await this.#run(filter, 3600);
    if (verdict !== "passed") throw new Error(`${filter} fails before anything is changed: ${reason}`);
    this.#limits.set(filter, LEAST + TIMES * seconds);
  }

  /** @returns {Promise<{ verdict: Verdict, seconds: number, reason?: string }>} */
  #run(filter, limit) {
    this.#server ??= fork(new URL("test-server.mjs", import.meta.url), [this.#folder], {
      detached: true, // a group of its own, to be ended as one
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const server = this.#server;
    const [clock, start] = [Date.now(), groupSeconds(server.pid)];
    let seconds = 0;
    return new Promise((resolve, reject) => {
      const settle = (act) => {
        clearInterval(timer);
        server.off("message", told).off("exit", ended);
        act();
      };
      const told = ({ error, verdict, reason }) =>
        settle(() => (error === undefined ? resolve({ verdict, seconds, reason }) : reject(new Error(error))));
      const ended = () => {
        this.#server = undefined;
        settle(() => reject(new Error(`the process that runs the tests ended by itself (${filter})`)));
      };
      const timer = setInterval(() => {
        seconds = Math.max(seconds, groupSeconds(server.pid) - start);
        if (seconds <= limit && Date.now() - clock <= CLOCK * limit * 1000) return;
        settle(() => resolve({ verdict: "did not end", seconds }));
        this.#endServer();
      }, 500);
      server.on("message", told).on("exit", ended);
      server.send({ filter });
    });
  }

  #endServer() {
    const { pid } = this.#server ?? {};
    this.#server = undefined;
    try {
      if (pid !== undefined) process.kill(-pid, "SIGKILL");
    } catch (error) {
      if (error.code !== "ESRCH") throw error;
    }
  }

  /** Ends the tests and removes the copy; also done when the process exits. */
  close() {
    this.#endServer();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
