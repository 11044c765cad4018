// Bytes by their place: those of a file, or what is in memory already. Knows no file system.

export interface ByteSource {
  readonly size: number;
  /** The bytes `at` … `at + n - 1`, or fewer where the file ends before. */
  read(at: number, n: number): Uint8Array;
  close(): void;
}

/** Bytes that are there already. */
export const inMemory = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: (at, n) => bytes.subarray(at, at + n),
  close: () => {},
});
