// A WebGPU device in Node: Dawn, on the driver that the environment names, which in tests is Chromium's software
// device (scripts/software-gpu.mjs).

interface Dawn {
  create(flags: string[]): GPU;
  readonly globals: object;
}

// Dawn's devices live only as long as what `create` gave.
const kept: { gpu?: GPU } = {};

async function open(): Promise<{ adapter: GPUAdapter } | { reason: string }> {
  try {
    const { create, globals } = (await import("webgpu")) as unknown as Dawn;
    Object.assign(globalThis, globals);
    kept.gpu = create(["backend=vulkan"]);
    const adapter = await kept.gpu.requestAdapter();
    return adapter === null ? { reason: "Dawn finds no Vulkan driver" } : { adapter };
  } catch (error) {
    return { reason: `Dawn does not load: ${(error as Error).message.split("\n")[0]}` };
  }
}

const opened = await open();

export const gpuAdapter: GPUAdapter | undefined = "adapter" in opened ? opened.adapter : undefined;

/** Why tests on a device in Node run, or do not. */
export const gpuReason: string = "adapter" in opened ? `on ${opened.adapter.info.description}` : opened.reason;

/** What `navigator.gpu` is in a browser. */
export const nodeGpu = (): GPU | undefined => (gpuAdapter === undefined ? undefined : kept.gpu);

/** A new device. What it reports as an error fails the test that asks `errors` for it. */
export async function newDevice(): Promise<{ device: GPUDevice; errors: string[] }> {
  // An adapter gives one device.
  const adapter = await kept.gpu!.requestAdapter();
  const device = await adapter!.requestDevice();
  const errors: string[] = [];
  device.addEventListener("uncapturederror", (event) => {
    errors.push((event as GPUUncapturedErrorEvent).error.message);
  });
  return { device, errors };
}
