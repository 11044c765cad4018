// Examines files for a page, in a thread of its own.

import { type Examined, examine } from "./examine.js";

export interface ToExamine {
  readonly file: File;
  readonly rate: number | undefined;
}
export type FromExamine = { readonly examined: Examined } | { readonly error: string };

async function act({ file, rate }: ToExamine): Promise<FromExamine> {
  try {
    return { examined: examine(file.name, new Uint8Array(await file.arrayBuffer()), rate) };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

addEventListener("message", async ({ data }: MessageEvent<ToExamine>) => postMessage(await act(data)));
