// The programs of hadamask/webgpu against the same contract: in Node on Dawn, and in Chromium, each on a software
// device.

import { afterAll } from "vitest";
import { hasChromium, reason } from "../browser/chromium.js";
import { gpuAdapter, gpuReason } from "../support/gpu.js";
import { describeKernel } from "./kernel-suite.js";
import { chromiumSubject, nodeSubject, type Subject } from "./kernels.js";

const closers: (() => void | Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closers) await close();
});

const skipNode = gpuAdapter === undefined ? gpuReason : undefined;
if (skipNode !== undefined) console.log(`hadamask/webgpu is not run in Node here: ${skipNode}`);
if (!hasChromium) console.log(`hadamask/webgpu is not run in Chromium here: ${reason}`);
const inChromium = hasChromium ? await chromiumSubject() : undefined;
if (inChromium !== undefined) closers.push(inChromium.close);
if (hasChromium && inChromium?.subject === undefined) console.log("this Chromium has no WebGPU adapter");

async function openNode(): Promise<Subject> {
  const { subject, close } = await nodeSubject();
  closers.push(close);
  return subject;
}

describeKernel("webgpu in Node", openNode, skipNode);
const skipChromium = inChromium?.subject === undefined ? `${reason}, with a WebGPU adapter` : undefined;
describeKernel("webgpu in Chromium", () => inChromium!.subject!, skipChromium);
