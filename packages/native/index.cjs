// Finds the addon: built here from source, or of the package for this platform. Where there is none, the error says how
// to get one; hadamask then goes on with its other kernels.
"use strict";

const { existsSync } = require("node:fs");
const { join } = require("node:path");

const platform = `${process.platform}-${process.arch}`;
const own = join(__dirname, "build", `${platform}.node`);

/** The file of the package @hadamask/native-<platform>, where it is installed. */
function prebuilt() {
  try {
    return require.resolve(`@hadamask/native-${platform}/hadamask.node`);
  } catch {
    return undefined;
  }
}

const file = existsSync(own) ? own : prebuilt();
if (file === undefined) {
  const message = `@hadamask/native: there is no addon for ${platform}; run npx hadamask-native, which needs a C compiler`;
  throw Object.assign(new Error(message), { code: "ERR_HADAMASK_NATIVE_NOT_BUILT" });
}
module.exports = Object.assign(require(file), { file });
