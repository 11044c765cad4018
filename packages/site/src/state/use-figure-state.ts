// The state of a figure, kept in the address of the page: what is shown can be sent as a link, and the back button
// goes back to what was shown before.

import { onMounted, onUnmounted, reactive, shallowReactive, watch } from "vue";
import { type Fields, readState, type StateOf, startState, writeState } from "./fields.js";

/** The states of the figures on the page, by their ids: exercises look here. */
const shown = shallowReactive(new Map<string, object>());

export const shownState = (id: string): object | undefined => shown.get(id);

/** How long a state has to stand still until it becomes an entry of the history, in milliseconds. */
const STILL_MS = 350;

export interface FigureState<F extends Fields> {
  readonly state: StateOf<F>;
  reset(): void;
}

/**
 * A reactive state with the given fields. It begins at its start, as the page was built, and takes what the address
 * says when the page is there.
 */
export function useFigureState<F extends Fields>(id: string, fields: F): FigureState<F> {
  const state = reactive(startState(fields) as object) as StateOf<F>;
  const reset = () => void Object.assign(state, startState(fields));
  let timer: ReturnType<typeof setTimeout> | undefined;

  const read = () => {
    clearTimeout(timer);
    Object.assign(state, readState(id, fields, location.search));
  };
  const write = () => {
    const query = writeState(id, fields, state, location.search);
    if (query === location.search) return;
    // No state: VitePress then leaves these entries alone, where it would load the page anew.
    history.replaceState(null, "");
    history.pushState(null, "", `${location.pathname}${query}${location.hash}`);
  };
  watch(
    state,
    () => {
      clearTimeout(timer);
      if (shown.get(id) === state) timer = setTimeout(write, STILL_MS);
    },
    { deep: true },
  );
  onMounted(() => {
    read();
    shown.set(id, state as object);
    addEventListener("popstate", read);
  });
  onUnmounted(() => {
    clearTimeout(timer);
    if (shown.get(id) === state) shown.delete(id);
    removeEventListener("popstate", read);
  });
  return { state, reset };
}
