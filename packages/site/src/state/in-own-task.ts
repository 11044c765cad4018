// What brings a page to life, piece by piece, each in a task of its own, so that between two of them the browser can
// answer its user. What a piece shows stands in the page from the beginning.

import { type Component, defineAsyncComponent } from "vue";
import { ALIVE } from "./alive.js";

const waiting: (() => void)[] = [];
let isAtWork = false;
let isMounted = false;

/** A message is a task at once, where a timer would wait some milliseconds after a few of its kind. */
const channel = typeof document === "undefined" ? undefined : new MessageChannel();
if (channel !== undefined)
  channel.port1.onmessage = () => {
    const work = waiting.shift();
    isAtWork = work !== undefined;
    // The next message first, so that a piece that fails keeps nothing back; and one more at the end, since what comes
    // to life may have parts of its own.
    if (isAtWork) channel.port2.postMessage(undefined);
    else if (isMounted) performance.mark(ALIVE);
    work?.();
  };

/** Does `work` in a task of its own, after what waits already; nothing where the site is built. */
export function soon(work: () => void): void {
  if (channel === undefined) return;
  waiting.push(work);
  if (!isAtWork) channel.port2.postMessage(undefined);
  isAtWork = true;
}

/** Puts the mark {@link ALIVE} as soon as all is done that waits, and all that follows from it. */
export function markAlive(): void {
  isMounted = true;
  soon(() => {});
}

/** `component`, which takes over its part of a page that was built in a task of its own. Elsewhere it is as it is. */
export const inOwnTask = (component: Component): Component =>
  defineAsyncComponent({
    loader: () => Promise.resolve(component),
    hydrate: soon,
  });
