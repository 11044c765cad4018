// What a page of the site may do: nothing that would leave this machine. The build writes it into pages, and the server
// sends it with every file. Knows no server.

/**
 * The policy, with what is allowed of inline scripts beside files of the site.
 *
 * `'wasm-unsafe-eval'` lets the library's kernels and the engine, which are WebAssembly, run; `style-src-attr` is for
 * formulas and highlighted code, whose style attributes were written when the site was built.
 *
 * @param hashes Of inline scripts: `'sha256-…'`.
 */
export const policyWith = (hashes: readonly string[]): string =>
  [
    "default-src 'none'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...hashes].join(" "),
    "style-src-elem 'self'",
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");

const META = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/;

/**
 * The policy of a file: that which the build wrote into a page, or the common one. No page of another site may show it
 * in a frame, which a page cannot say of itself.
 */
export function policyOf(html: string | undefined): string {
  const own = html === undefined ? undefined : META.exec(html)?.[1];
  return `${own ?? policyWith([])}; frame-ancestors 'none'`;
}

/** The other headers that are the same for all files. The first three give workers a finer clock. */
export const HEADERS: Readonly<Record<string, string>> = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};
