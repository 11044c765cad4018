// The kernels of the CPU against the contract of kernels/kernel.ts.

import { describeKernel } from "./kernel-suite.js";
import { CPU_SUBJECTS } from "./kernels.js";

for (const subject of CPU_SUBJECTS) describeKernel(subject.name, () => subject);
