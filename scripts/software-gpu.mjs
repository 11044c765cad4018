// Where WebGPU runs without a graphics card: Chromium's own software device (SwiftShader), which Debian's package
// brings along with a Vulkan loader. Dawn, the npm package "webgpu", finds both through these variables.

import { existsSync } from "node:fs";

const FOLDERS = ["/usr/lib/chromium", "/usr/lib64/chromium-browser", "/usr/lib/chromium-browser"];

/**
 * Variables for a new process (a loader reads LD_LIBRARY_PATH when a process starts). None where the user has chosen a
 * driver, or where there is no such Chromium.
 *
 * @returns {Record<string, string>}
 */
export function softwareGpu(env = process.env) {
  const folder = FOLDERS.find((path) => existsSync(`${path}/vk_swiftshader_icd.json`));
  if (folder === undefined || env.VK_DRIVER_FILES !== undefined || env.VK_ICD_FILENAMES !== undefined) return {};
  const libraries = env.LD_LIBRARY_PATH ? `${env.LD_LIBRARY_PATH}:${folder}` : folder;
  return { VK_ICD_FILENAMES: `${folder}/vk_swiftshader_icd.json`, LD_LIBRARY_PATH: libraries };
}
