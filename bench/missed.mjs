// Why an aim was missed: what remains of the case when a part of its work is taken away, from the same run, and what
// was tried.

const digits = (value) => value.toFixed(2);

/** For each group that has aims in WebAssembly: the cases that show a floor, and what was tried in it. */
const SIMD_GROUPS = {
  "16M elements, heap": {
    floor: (at) =>
      `Passing through WASM memory alone takes ` +
      `${digits(at("16M elements, heap", "copy in and out of WASM memory"))} copies: WebAssembly cannot read ` +
      `other arrays.`,
    tried:
      "pieces of 16 kB to 1 MB, and where in a page they begin (half a page from the output: kept; on AMD 3.4 to " +
      "1.3 copies); reading one element of every line of the next piece beforehand (6 % less at 16M elements, 10 " +
      "% more in cache: left out); a JavaScript loop that applies the bits in place (the plain loop `y[i] = c * " +
      "x[i]` is slower than all of it, see below)",
  },
  "16M elements, alloc": {
    floor: (at) =>
      `With a mask that is ready it takes ${digits(at("16M elements, alloc", "rate 1/2, mask ready"))} copies, ` +
      `the masks alone ${digits(at("16M elements, alloc", "rate 1/2, mask alone"))} (rate 1/2) and ` +
      `${digits(at("16M elements, alloc", "rate 0.1, mask alone"))} (rate 0.1). Above some 36 MB \`set\` writes ` +
      `past the caches (non-temporal stores), for which WebAssembly has no instruction: its stores fetch each ` +
      `line before they write it.`,
    tried:
      "one, four and eight places at a time (eight and four take 0.7 of one); drawing the next mask beside the " +
      "product (kept); `memory.fill` before a piece and `memory.copy` after it, to have lines written without " +
      "being fetched (both slower); other numbers of planes before the list; prefetch by touching lines",
  },
  "64k elements, heap": {
    floor: (at) =>
      `Passing through WASM memory alone takes ` +
      `${digits(at("64k elements, heap", "copy in and out of WASM memory"))} copies.`,
    tried: "as above; fewer and smaller objects for each piece (kept)",
  },
  "64k elements, alloc": {
    floor: (at) =>
      `With a mask that is ready it takes ${digits(at("64k elements, alloc", "rate 1/2, mask ready"))} copies, ` +
      `the masks alone ${digits(at("64k elements, alloc", "rate 1/2, mask alone"))} and ` +
      `${digits(at("64k elements, alloc", "rate 0.1, mask alone"))}. In cache a copy moves 64 bytes an ` +
      `instruction or so, WebAssembly 16.`,
    tried:
      "bit constants from memory instead of constants (kept: 0.15 against 0.23 ns an element); one and four " +
      "places at a time; six and eight hash chains (no registers left)",
  },
  "16M elements, shared draws, heap": {
    floor: (at) =>
      `Passing through WASM memory alone takes ` +
      `${digits(at("16M elements, heap", "copy in and out of WASM memory"))} copies.`,
    tried: "as for elementwise masks; lines that are dropped as a whole are not read (kept)",
  },
  "16M elements, shared draws, alloc": {
    floor: (at) =>
      `With a mask that is ready, elementwise dropout takes ` +
      `${digits(at("16M elements, alloc", "rate 1/2, mask ready"))} copies: drawing is not what costs here, the ` +
      `stores are.`,
    tried: "`memory.fill` for dropped channels (a call out of the module, slower); expanding the mask in larger pieces",
  },
  "16M elements, Gaussian, alloc": {
    floor: (at) =>
      `A normal takes 32 random bits: ${digits(32 * at("16M elements, alloc", "rate 1/2, mask alone"))} copies at ` +
      `the price of a mask's, before anything is computed; then about 32 operations of float64, two elements at a ` +
      `time.`,
    tried:
      "four square roots and one division against logarithms (kept, see docs/stream.md); steps for whole batches " +
      "(kept); hashing chunk by chunk between these steps (no gain). A table of polynomials would save the root " +
      "and the division, and make some 1500 coefficients part of the stream: not done",
  },
  "16M elements, two threads": { floor: () => "Two threads share one memory.", tried: "as with one thread" },
  "16M elements, Gaussian, two threads": {
    floor: () => "As with one thread.",
    tried: "as with one thread",
  },
  "dense 1024 x 1024, batch 128, forward and backward": {
    floor: () =>
      "Each product of an input and a weight needs a load of its mask and an `and` beside a load, a product and a " +
      "sum; and every row of the batch has a mask of its own, drawn twice.",
    tried:
      "a table from mask bytes to lanes (kept; comparing takes three operations), four rows at a time (kept); " +
      "masking the weights instead of the products (an infinite input would come through)",
  },
  "a call on 64 elements": {
    floor: () => "Arguments are checked and the key is scheduled in every call.",
    tried:
      "the scalar kernel below 256 elements (kept); fewer than four blocks one by one, four planes at a time " +
      "(kept); all products before the zeros (kept); options checked without arrays (kept)",
  },
};

/** The same for the native kernel. */
const NATIVE_GROUPS = {
  "16M elements, heap": {
    floor: (at) =>
      `With a mask that is ready it takes ${digits(at("16M elements, heap", "rate 1/2, mask ready"))} copies, the ` +
      `masks alone ${digits(at("16M elements, heap", "rate 1/2, mask alone"))} (rate 1/2) and ` +
      `${digits(at("16M elements, heap", "rate 0.1, mask alone"))} (rate 0.1).`,
    tried:
      "a list of undecided blocks after six planes (kept: 7.3 planes instead of 12.3; six cost 5 % less than " +
      "five); rotations by whole bytes as shuffles (kept: 6 % of a mask); asking for x while drawing (no gain at " +
      "rate 0.1, 15 % slower at 1/2); the last few blocks several planes at a time (kept); stores past the caches " +
      "(kept from 2 MB on: 0.85 instead of 1.04 copies at rate 0.1)",
  },
  "64k elements, heap": {
    floor: () => "In cache a copy is bound by stores, and drawing by arithmetic: nothing hides one behind the other.",
    tried: "as above",
  },
  "16M elements, shared draws, heap": {
    floor: (at) =>
      `With a mask that is ready, elementwise dropout takes ` +
      `${digits(at("16M elements, heap", "rate 1/2, mask ready"))} copies; here the mask is expanded to one bit ` +
      `an element before, in TypeScript.`,
    tried: "lines that are dropped as a whole are not read (kept)",
  },
  "16M elements, Gaussian, heap": {
    floor: (at) =>
      `A normal takes 32 random bits: ${digits(32 * at("16M elements, heap", "rate 1/2, mask alone"))} copies at ` +
      `the price of a mask's, before anything is computed; then a square root, a division and about 25 sums and ` +
      `products of float64.`,
    tried: "steps for whole batches (kept); tails in eights from a list (kept)",
  },
  "16M elements, two threads": { floor: () => "Two threads share one memory.", tried: "as with one thread" },
  "16M elements, Gaussian, two threads": { floor: () => "As with one thread.", tried: "as with one thread" },
  "dense 1024 x 1024, batch 128, forward and backward": {
    floor: () =>
      "The products without masks take a third of what they take in WebAssembly, so that drawing and masking " +
      "weigh more: every row of the batch has a mask of its own, drawn twice.",
    tried:
      "two rows of x and four of the weights at a time (kept: 0.13 instead of 1.7 ns a product); a table from " +
      "mask bytes to lanes (kept); masking the weights instead of the products (an infinite input would come through)",
  },
  "a call on 64 elements": {
    floor: () => "Arguments are checked and the key is scheduled in every call; Node-API takes some 100 ns an array.",
    tried:
      "numbers through one shared array instead of arguments (kept); up to four blocks one by one, their planes " +
      "in the lanes of a vector (kept: a call 538 to 276 ns above a loop at rate 1/2); the plain kernel (slower " +
      "at rate 0.1)",
  },
};

/**
 * Every missed aim of a kernel, with what stands in its way. `aims` are pairs of group and result, `ratioAt` gives a
 * case's ratio to its baseline.
 */
export function missedText(aims, isMet, ratioAt, kernel) {
  const known = kernel === "native" ? NATIVE_GROUPS : SIMD_GROUPS;
  const missed = aims.filter(({ result }) => !isMet(result));
  if (missed.length === 0) return "Every aim of the tables above is met.";
  const head = ["where", "missed", "what the same run says of it", "tried"];
  const groups = [...new Set(missed.map(({ group }) => group.name))];
  const rows = groups.map((name) => {
    const entry = known[name];
    if (entry === undefined) throw new Error(`bench/missed.mjs: say what was tried for ${name}`);
    const cases = missed.filter(({ group }) => group.name === name).map(({ result }) => result.name);
    return [name, cases.join("; "), entry.floor(ratioAt), entry.tried];
  });
  const text = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  return `${missed.length} of ${aims.length} aims are missed:\n\n${text}`;
}
