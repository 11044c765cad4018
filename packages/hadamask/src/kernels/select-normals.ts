// The kernel of select.ts, for normal numbers.

import type { Kernel, MaskKernel, NormalKernel } from "./kernel.js";
import { scalarNormals } from "./scalar.js";
import { kernel } from "./select.js";

const hasNormals = (chosen: MaskKernel): chosen is Kernel => "normals" in chosen;

export function normalKernel(): NormalKernel {
  const chosen = kernel();
  return hasNormals(chosen) ? chosen : scalarNormals;
}
