// Copies a text, and says so for a moment.

import { onUnmounted, type Ref, ref } from "vue";

/** How long it is said, in milliseconds. */
const SAID_MS = 2000;

export function useCopy(): { readonly isCopied: Readonly<Ref<boolean>>; copy(text: string): Promise<void> } {
  const isCopied = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  onUnmounted(() => clearTimeout(timer));
  return {
    isCopied,
    async copy(text) {
      await navigator.clipboard.writeText(text);
      isCopied.value = true;
      clearTimeout(timer);
      timer = setTimeout(() => {
        isCopied.value = false;
      }, SAID_MS);
    },
  };
}
