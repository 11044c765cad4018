// The kernels of the CPU against the contract of kernels/kernel.ts.

import { expect, test } from "vitest";
import { describeKernel } from "./kernel-suite.js";
import { CPU_SUBJECTS } from "./kernels.js";
import { addon, NATIVE_SUBJECTS, nativeReason } from "./native-kernels.js";

test.skipIf(addon === undefined)(`native kernels are among them (${nativeReason})`, () => {
  expect(NATIVE_SUBJECTS.length).toBeGreaterThan(4);
});

for (const subject of [...CPU_SUBJECTS, ...NATIVE_SUBJECTS]) describeKernel(subject.name, () => subject);
