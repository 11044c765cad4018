// Files that people hand in for models, and what to do instead. Knows the first bytes of other formats.

interface Foreign {
  readonly what: string;
  readonly starts: readonly (readonly number[])[];
}

const ascii = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));

const FOREIGN: readonly Foreign[] = [
  { what: "a PNG picture", starts: [[0x89, ...ascii("PNG")]] },
  { what: "a JPEG picture", starts: [[0xff, 0xd8, 0xff]] },
  { what: "a NumPy array (.npy), which is data", starts: [[0x93, ...ascii("NUMPY")]] },
  {
    what: "a ZIP archive (.npz, .pt and .keras files are some); export the model to ONNX first",
    starts: [ascii("PK\u0003\u0004"), ascii("PK\u0005\u0006")],
  },
  { what: "an HDF5 file, as Keras writes; convert it with tf2onnx", starts: [[0x89, ...ascii("HDF")]] },
  { what: "a gzip file; decompress it first", starts: [[0x1f, 0x8b]] },
  { what: "a Git LFS pointer; run git lfs pull", starts: [ascii("version https://git-lfs")] },
  { what: "a web page", starts: [ascii("<!"), ascii("<html")] },
  { what: "JSON", starts: [ascii("{"), ascii("[")] },
  { what: "an ORT-format model; use the .onnx file it was made from", starts: [] },
];

/** What a file that is not a model is, for the end of a sentence. */
export function kindOfFile(bytes: Uint8Array): string {
  if (bytes.length === 0) return "an empty file";
  const begins = (start: readonly number[], at = 0): boolean => start.every((byte, i) => bytes[at + i] === byte);
  if (begins(ascii("ORTM"), 4)) return FOREIGN.at(-1)!.what;
  const found = FOREIGN.find(({ starts }) => starts.some((start) => begins(start)));
  return found?.what ?? `${bytes.length} bytes of something else`;
}
