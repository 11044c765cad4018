// The programs of a device that belongs to an engine: one set each, made when it is first asked for.

import type { GpuDevice } from "./device.js";
import { type GpuDropout, gpuDropout } from "./gpu-dropout.js";

const known = new WeakMap<GpuDevice, GpuDropout>();

export function programsOf(device: GpuDevice): GpuDropout {
  let programs = known.get(device);
  if (programs === undefined) {
    programs = gpuDropout(device);
    known.set(device, programs);
  }
  return programs;
}
