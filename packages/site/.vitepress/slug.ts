// The name of a section in an address. Documents are read on GitHub too, and link to sections by the names that they
// have there: "#1-one-number" and "#in-tensorflowjs", where VitePress would say "#_1-one-number" and
// "#in-tensorflow-js".

/** What GitHub calls the section with this heading; the second of a name gets "-1" from whoever counts them. */
export const slug = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
