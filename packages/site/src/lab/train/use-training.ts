// A training of the page: a worker that is there while something is trained, and what it has said last.

import { type Ref, ref, shallowRef } from "vue";
import { useWorker } from "../use-worker.js";
import type { FromWorker, ToWorker } from "./messages.js";
import { requestOf, type TrainState } from "./model.js";
import type { DataFacts, TrainingView } from "./view.js";

export interface Training {
  readonly view: Readonly<Ref<TrainingView | undefined>>;
  readonly data: Readonly<Ref<DataFacts | undefined>>;
  readonly isPlaying: Readonly<Ref<boolean>>;
  readonly error: Readonly<Ref<string>>;
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
  const worker = useWorker<ToWorker, FromWorker>(
    () => new Worker(new URL("./train-worker.ts", import.meta.url), { type: "module" }),
    hear,
    fail,
  );

  function reset(): void {
    worker.end();
    view.value = undefined;
    isPlaying.value = false;
    error.value = "";
  }

  function hear(message: FromWorker): void {
    if (message.kind === "data") data.value = message.data;
    else if (message.kind === "view") view.value = message.view;
    else if (message.kind === "stopped") isPlaying.value = false;
    else fail(message.message);
  }
  function fail(message: string): void {
    reset();
    error.value = message;
  }

  /** The worker, with the data and the settings of now; it stays until something is changed. */
  function start(): void {
    if (worker.isOpen()) return;
    error.value = "";
    const own = state.data === "own" ? { file: file.value! } : {};
    worker.tell({ kind: "load", label: state.label, ...own });
    // Plain data: what Vue watches cannot be sent.
    worker.tell({ kind: "start", request: JSON.parse(JSON.stringify(requestOf(state))) });
  }

  return {
    view,
    data,
    isPlaying,
    error,
    play() {
      start();
      isPlaying.value = true;
      worker.tell({ kind: "play" });
    },
    pause() {
      isPlaying.value = false;
      worker.tell({ kind: "pause" });
    },
    step() {
      start();
      worker.tell({ kind: "step" });
    },
    reset,
  };
}
