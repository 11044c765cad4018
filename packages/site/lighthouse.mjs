// node packages/site/lighthouse.mjs [home] [chapter] [lab]: Lighthouse's scores of three pages of the built site, as
// `hadamask lab` serves them, written into lighthouse.json beside this file: of three loads the one with the median
// performance. Without names all three pages; with names these are measured again and the others kept. Scores of
// performance depend on what else the machine does: where there is much, QUIETLY names a command through which the
// browser is run, and which holds the rest back meanwhile ("nice -n -15"). npx fetches
// Lighthouse; the project does not depend on it. CHROME_PATH names a browser that Lighthouse does not find.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const VERSION = "12.2.3";
const LOADS = 3;
const PAGES = { home: "/", chapter: "/learn/why-drop", lab: "/lab/" };
/** What performance is: milliseconds, bytes, and the layout shift, which has no unit. */
const AUDITS = {
  firstPaint: "first-contentful-paint",
  largestPaint: "largest-contentful-paint",
  blocked: "total-blocking-time",
  layoutShift: "cumulative-layout-shift",
  speedIndex: "speed-index",
  bytes: "total-byte-weight",
};

const path = (below) => fileURLToPath(new URL(below, import.meta.url));
const FILE = path("lighthouse.json");

/** Loads the page and keeps what came, then judges that: only the first depends on the machine. */
function lighthouse(url, what, preset, folder, before = []) {
  const [kept, report] = [join(folder, "kept"), join(folder, "report.json")];
  const args = [
    ...["--yes", `lighthouse@${VERSION}`, url, "--quiet", what, "--disable-full-page-screenshot"],
    ...["--chrome-flags=--headless=new --no-sandbox --disable-gpu"],
    ...(preset === "desktop" ? ["--preset=desktop"] : []), // a phone is the default
  ];
  const [command, ...rest] = [...before, "npx", ...args];
  rmSync(kept, { recursive: true, force: true });
  mkdirSync(kept);
  execFileSync(command, [...rest, `--gather-mode=${kept}`], { stdio: ["ignore", "ignore", "inherit"] });
  const judged = [...args, `--audit-mode=${kept}`, "--output=json", `--output-path=${report}`];
  execFileSync("npx", judged, { stdio: ["ignore", "ignore", "inherit"] });
  return JSON.parse(readFileSync(report, "utf8"));
}

const scoreOf = ({ categories }, category) => Math.round(categories[category].score * 100);

function measure(url, folder, preset) {
  // The score of performance consists of these audits alone; the others would take as long again.
  const weighed = `--only-audits=${Object.values(AUDITS).join()}`;
  const loads = Array.from({ length: LOADS }, () =>
    lighthouse(url, weighed, preset, folder, process.env.QUIETLY?.split(" ")),
  ).toSorted((a, b) => scoreOf(a, "performance") - scoreOf(b, "performance"));
  const fast = loads[LOADS >> 1];
  const good = lighthouse(url, "--only-categories=accessibility,best-practices", preset, folder);
  return {
    scores: {
      performance: scoreOf(fast, "performance"),
      accessibility: scoreOf(good, "accessibility"),
      "best-practices": scoreOf(good, "best-practices"),
    },
    loads: loads.map((load) => scoreOf(load, "performance")),
    ...Object.fromEntries(
      Object.entries(AUDITS).map(([name, id]) => [name, Number(fast.audits[id].numericValue.toFixed(3))]),
    ),
    benchmark: Math.round(fast.environment.benchmarkIndex),
  };
}

const named = process.argv.slice(2);
const unknown = named.find((name) => !(name in PAGES));
if (unknown !== undefined)
  throw new Error(`lighthouse: no page is called "${unknown}"; there are ${Object.keys(PAGES).join(", ")}`);
const lab = spawn(process.execPath, [path("../hadamask/bin/hadamask.js"), "lab", "--port", "0", "--no-open"], {
  stdio: ["ignore", "pipe", "inherit"],
});
const folder = mkdtempSync(join(tmpdir(), "lighthouse-"));
try {
  const [line] = await once(lab.stdout, "data");
  const { origin } = new URL(/http:\S+/.exec(String(line))[0]);
  const pages = existsSync(FILE) ? JSON.parse(readFileSync(FILE, "utf8")).pages : {};
  for (const [name, page] of Object.entries(PAGES)) {
    if (named.length > 0 && !named.includes(name)) continue;
    const [phone, desktop] = ["phone", "desktop"].map((preset) => measure(`${origin}${page}`, folder, preset));
    pages[name] = { page, phone, desktop };
    console.log(name, JSON.stringify(phone), JSON.stringify(desktop));
    const result = {
      command: "node packages/site/lighthouse.mjs",
      lighthouse: VERSION,
      machine: `${cpus().length} × ${cpus()[0].model}, Node ${process.versions.node}`,
      pages,
    };
    const json = JSON.stringify(result, null, 2);
    // Lists of numbers on one line, as the formatter has them.
    writeFileSync(
      FILE,
      `${json.replace(/\[[\s\d,]+\]/g, (list) => JSON.stringify(JSON.parse(list)).replaceAll(",", ", "))}\n`,
    );
  }
} finally {
  lab.kill();
  rmSync(folder, { recursive: true });
}
