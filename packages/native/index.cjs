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
const addon = require(file);

// One by one: Node finds the names of a CommonJS module in its text.
exports.file = file;
exports.parameters = addon.parameters;
exports.levels = addon.levels;
exports.use = addon.use;
exports.mask = addon.mask;
exports.dropout = addon.dropout;
exports.apply = addon.apply;
exports.normals = addon.normals;
exports.multiplyByNormals = addon.multiplyByNormals;
exports.draw = addon.draw;
exports.addProducts = addon.addProducts;
exports.addGradients = addon.addGradients;
