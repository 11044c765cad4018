// The content security policy of each page: only files of this site, and those inline scripts that VitePress writes.

import { createHash } from "node:crypto";
import { policyWith } from "../../cli/src/lab/policy.js";

const INLINE_SCRIPT = /<script(?![^>]*\bsrc=)([^>]*)>([\s\S]*?)<\/script>/g;

/** Puts the policy into a page as its first element, with a hash for each script that stands in the page itself. */
export function contentSecurityPolicy(html: string): string {
  const hashes = [...html.matchAll(INLINE_SCRIPT)].map(
    ([, , body]) => `'sha256-${createHash("sha256").update(body!).digest("base64")}'`,
  );
  const policy = policyWith([...new Set(hashes)]);
  return html.replace("<head>", `<head>\n    <meta http-equiv="Content-Security-Policy" content="${policy}">`);
}
