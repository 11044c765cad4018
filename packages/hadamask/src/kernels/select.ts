// Which kernel this machine gets.

import type { Kernel } from "./kernel.js";
import { referenceKernel } from "./reference.js";

/** The fastest kernel that runs here. */
export function kernel(): Kernel {
  return referenceKernel;
}
