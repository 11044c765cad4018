// Sums that tell whether bytes are the ones that were written.

import { createHash } from "node:crypto";

/** In hex; a text by its UTF-8. */
export const sha256 = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");
