// Training while one looks: towards the steps that a figure's state asks for, a slice of time in each frame.

import { onMounted, onUnmounted, type Ref, ref, type ShallowRef, shallowRef, triggerRef, watch } from "vue";
import type { Stepped } from "./small-net.js";

/** How long training may hold the page up at a time, in milliseconds: a figure answers within 50. */
const SLICE_MS = 24;

export interface StepsOptions<T> {
  /** What is trained, before its first step. */
  begin(): T;
  /** What else than steps it depends on: where one of these changes, it begins anew. */
  settings(): readonly unknown[];
  readonly most: number;
  /** Steps that playing asks for in each frame. */
  readonly perFrame: number;
}

export interface Steps<T> {
  readonly trained: Readonly<ShallowRef<T>>;
  readonly isPlaying: Ref<boolean>;
  /** Plays or pauses; from the first step on where the last one is made. */
  play(): void;
}

export function useSteps<T extends Stepped>(
  state: { steps: number },
  { begin, settings, most, perFrame }: StepsOptions<T>,
): Steps<T> {
  const trained: ShallowRef<T> = shallowRef<T>(begin());
  const isPlaying = ref(false);
  let frame = 0;

  function advance(): void {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      if (isPlaying.value) state.steps = Math.min(most, state.steps + perFrame);
      const before = trained.value.steps;
      const end = performance.now() + SLICE_MS;
      const isBehind = trained.value.train(state.steps, () => performance.now() > end);
      if (trained.value.steps > before) triggerRef(trained);
      if (state.steps === most) isPlaying.value = false;
      if (isPlaying.value || isBehind) advance();
    });
  }
  watch(settings, () => {
    trained.value = begin();
    advance();
  });
  watch(
    () => state.steps,
    (steps) => {
      if (steps < trained.value.steps) trained.value = begin();
      advance();
    },
  );
  onMounted(advance);
  onUnmounted(() => cancelAnimationFrame(frame));

  return {
    trained,
    isPlaying,
    play() {
      isPlaying.value = !isPlaying.value;
      if (isPlaying.value && state.steps >= most) state.steps = 0;
      advance();
    },
  };
}
