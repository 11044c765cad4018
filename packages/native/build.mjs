#!/usr/bin/env node
// Builds the addon from source, by a C compiler alone: GCC 9 or Clang 9 and later.
//
//   node build.mjs              build/<platform>-<arch>.node
//   node build.mjs --test       build/kernels-test: the kernels against obvious loops, between guard pages
//   node build.mjs --sanitize   the same with AddressSanitizer and UndefinedBehaviorSanitizer, and runs it
//
// CC names another compiler, CFLAGS adds to its options.

import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const folder = dirname(fileURLToPath(import.meta.url));
const build = join(folder, "build");
const cc = process.env.CC ?? "cc";

const FLAGS = [
  ...["-O3", "-std=gnu11", "-fPIC", "-fvisibility=hidden", "-Wall", "-Wextra", "-Wno-psabi", "-Wno-unknown-pragmas"],
  // Bits: no fused operations. Vectors: nobody looks at errno or at exceptions.
  ...["-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math"],
  ...(process.env.CFLAGS ?? "").split(" ").filter((flag) => flag !== ""),
];
const SANITIZE = ["-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];

/** Each file of kernels is compiled once for each level. */
const KERNELS = ["masks", "apply", "normals", "dense", "level"];
const LEVELS = {
  base: ["-DLEVEL=base", "-DVECTOR_BYTES=16"],
  ...(process.arch === "x64" && {
    avx2: ["-DLEVEL=avx2", "-DVECTOR_BYTES=32", "-mavx2"],
    avx512: [
      ...["-DLEVEL=avx512", "-DVECTOR_BYTES=64", "-mprefer-vector-width=512"],
      ...["-mavx512f", "-mavx512vl", "-mavx512bw", "-mavx512dq"],
    ],
  }),
};

const { values } = parseArgs({ options: { test: { type: "boolean" }, sanitize: { type: "boolean" } } });
try {
  if (process.arch !== "x64" && process.arch !== "arm64") fail(`there are no kernels for ${process.arch}`);
  if (process.platform === "win32") fail("building on Windows is not supported");
  execFileSync(cc, ["--version"], { stdio: "ignore" });
} catch (cause) {
  fail(`no C compiler: ${cause.message}; install one (Debian: apt install gcc libc6-dev), or name it by CC`);
}
if (values.sanitize) execFileSync(await buildTest("kernels-sanitized", SANITIZE), { stdio: "inherit" });
else if (values.test) console.log(await buildTest("kernels-test", []));
else console.log(await buildAddon());

async function buildAddon() {
  const { include_dir: headers } = createRequire(import.meta.url)("node-api-headers");
  const objects = await compileKernels("addon", []);
  const entries = ["addon", "addon-dense"].map((name) => compile("addon", `src/${name}.c`, name, [`-I${headers}`]));
  const file = join(build, `${process.platform}-${process.arch}.node`);
  const link = process.platform === "darwin" ? ["-bundle", "-undefined", "dynamic_lookup"] : ["-shared"];
  await run([...link, "-o", file, ...objects, ...(await Promise.all(entries)), "-lm"]);
  rmSync(join(build, "addon"), { recursive: true });
  return file;
}

async function buildTest(name, extra) {
  const objects = await compileKernels(name, extra);
  const test = await compile(name, "test/kernels.c", "kernels", extra);
  const file = join(build, name);
  await run([...extra, "-o", file, ...objects, test, "-lm"]);
  rmSync(join(build, `${name}-objects`), { recursive: true, force: true });
  return file;
}

/** Compiles everything but the addon's functions, in parallel; returns the objects. */
function compileKernels(into, extra) {
  return Promise.all([
    compile(into, "src/choose.c", "choose", extra),
    ...Object.entries(LEVELS).flatMap(([level, flags]) =>
      KERNELS.map((name) => compile(into, `src/${name}.c`, `${name}-${level}`, [...flags, ...extra])),
    ),
  ]);
}

async function compile(into, source, name, flags) {
  const objects = join(build, into === "addon" ? into : `${into}-objects`);
  mkdirSync(objects, { recursive: true });
  const object = join(objects, `${name}.o`);
  await run([...FLAGS, ...flags, "-c", join(folder, source), "-o", object]);
  return object;
}

function run(args) {
  return new Promise((resolve) => {
    const child = spawn(cc, args, { stdio: "inherit" });
    child.on("close", (code) => (code === 0 ? resolve() : fail(`${cc} failed`)));
  });
}

function fail(message) {
  console.error(`hadamask-native: ${message}`);
  process.exit(1);
}
