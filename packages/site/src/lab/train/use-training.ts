// A training of the page: a worker that is there while something is trained, and what it has said last.

import { onUnmounted, ref, shallowRef } from "vue";
import { useWords } from "../../state/use-words.js";
import { LAB_WORDS } from "../words.js";
import type { FromWorker, ToWorker } from "./messages.js";
import { requestOf, type TrainState } from "./model.js";
import type { DataFacts, TrainingView } from "./view.js";

export interface Training {
  readonly view: { readonly value: TrainingView | undefined };
  readonly data: { readonly value: DataFacts | undefined };
  readonly isPlaying: { readonly value: boolean };
  readonly error: { readonly value: string };
  play(): void;
  pause(): void;
  step(): void;
  /** Forgets what was trained. */
  reset(): void;
}

/** @param file The reader's own table, where `state` asks for one. */
export function useTraining(state: TrainState, file: { readonly value: File | undefined }): Training {
  const view = shallowRef<TrainingView>();
  const data = shallowRef<DataFacts>();
  const isPlaying = ref(false);
  const error = ref("");
  const words = useWords(LAB_WORDS);
  let worker: Worker | undefined;

  function reset(): void {
    worker?.terminate();
    worker = undefined;
    view.value = undefined;
    isPlaying.value = false;
    error.value = "";
  }

  const tell = (message: ToWorker): void => worker!.postMessage(message);

  function hear(message: FromWorker): void {
    if (message.kind === "data") data.value = message.data;
    else if (message.kind === "view") view.value = message.view;
    else if (message.kind === "stopped") isPlaying.value = false;
    else {
      reset();
      error.value = message.message;
    }
  }

  /** The worker, with the data and the settings of now; it stays until something is changed. */
  function start(): void {
    if (worker !== undefined) return;
    error.value = "";
    worker = new Worker(new URL("./train-worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data: message }: MessageEvent<FromWorker>) => hear(message);
    worker.onerror = ({ message }) => hear({ kind: "error", message: message || words.value.noWorker });
    const own = state.data === "own" ? { file: file.value! } : {};
    tell({ kind: "load", label: state.label, ...own });
    // Plain data: what Vue watches cannot be sent.
    tell({ kind: "start", request: JSON.parse(JSON.stringify(requestOf(state))) });
  }

  onUnmounted(reset);
  return {
    view,
    data,
    isPlaying,
    error,
    play() {
      start();
      isPlaying.value = true;
      tell({ kind: "play" });
    },
    pause() {
      isPlaying.value = false;
      tell({ kind: "pause" });
    },
    step() {
      start();
      tell({ kind: "step" });
    },
    reset,
  };
}
