// A worker of the page: it is there from the first message on, until it is ended or the page is left.

import { onUnmounted } from "vue";
import { useWords } from "../state/use-words.js";
import { LAB_WORDS } from "./words.js";

export interface PageWorker<To> {
  isOpen(): boolean;
  /** Opens it where it is not open. */
  tell(message: To): void;
  end(): void;
}

/**
 * @param open Makes it, by `new Worker(new URL("…", import.meta.url), { type: "module" })` as it stands: by this text
 *   the build finds workers.
 * @param fail Is told what went wrong outside of what the worker says: it could not be loaded, or broke.
 */
export function useWorker<To, From>(
  open: () => Worker,
  hear: (message: From) => void,
  fail: (message: string) => void,
): PageWorker<To> {
  const words = useWords(LAB_WORDS);
  let worker: Worker | undefined;

  function opened(): Worker {
    const made = open();
    made.onmessage = ({ data }: MessageEvent<From>) => hear(data);
    made.onerror = ({ message }) => fail(message || words.value.noWorker);
    return made;
  }
  function end(): void {
    worker?.terminate();
    worker = undefined;
  }
  onUnmounted(end);
  return {
    isOpen: () => worker !== undefined,
    tell(message) {
      worker ??= opened();
      worker.postMessage(message);
    },
    end,
  };
}
