// Files in a zip archive, by its directory, which is at its end: their sizes and checksums are held to what is found.

import { crc32, inflateRawSync } from "node:zlib";
import { DataError } from "./data-error.js";

/** A file in an archive that is not unpacked yet. */
export interface ZipEntry {
  readonly name: string;
  /** Bytes when unpacked. */
  readonly size: number;
  /** @throws {DataError} If it is encrypted, packed in a way that is not known, or damaged. */
  unpack(): Uint8Array;
}

/** Whether a file begins as zip archives do. */
export const isZip = (head: Uint8Array): boolean => [0x50, 0x4b, 0x03, 0x04].every((byte, i) => head[i] === byte);

/** Of records of the format: their first four bytes, and their length without names. */
const [LOCAL, LOCAL_SIZE] = [0x04034b50, 30];
const [LISTED, LISTED_SIZE] = [0x02014b50, 46];
const [END, END_SIZE] = [0x06054b50, 22];
/** The end record may have a comment behind it. */
const LONGEST_COMMENT = 0xffff;
/** Stands where a size is above 4 GB (Zip64). */
const LARGE = 0xffffffff;

/**
 * What an archive has in it.
 *
 * @throws {DataError} If its directory cannot be read, or a name comes twice.
 * @see PKWARE, ".ZIP File Format Specification", sections 4.3.7, 4.3.12 and 4.3.16.
 */
export function zipEntries(path: string, bytes: Uint8Array): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = endRecord(view);
  if (end === undefined) throw broken(path, "its directory is missing, so it is cut off");
  const count = view.getUint16(end + 10, true);
  const entries: ZipEntry[] = [];
  let at = view.getUint32(end + 16, true);
  for (let i = 0; i < count; i++) {
    if (at + LISTED_SIZE > bytes.length || view.getUint32(at, true) !== LISTED)
      throw broken(path, "its directory is damaged");
    entries.push(entryAt(path, view, at));
    at += LISTED_SIZE + [28, 30, 32].reduce((sum, field) => sum + view.getUint16(at + field, true), 0);
  }
  const names = entries.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new DataError(`${path}: has two files named ${JSON.stringify(twice)}`);
  return entries;
}

function endRecord(view: DataView): number | undefined {
  const first = Math.max(0, view.byteLength - END_SIZE - LONGEST_COMMENT);
  for (let at = view.byteLength - END_SIZE; at >= first; at--) if (view.getUint32(at, true) === END) return at;
  return undefined;
}

const broken = (path: string, what: string): DataError =>
  new DataError(`${path}: is a broken zip archive: ${what}; save it again`);

function entryAt(path: string, view: DataView, at: number): ZipEntry {
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  const [sum, packed, size, offset] = [16, 20, 24, 42].map((field) => view.getUint32(at + field, true)) as [
    number,
    number,
    number,
    number,
  ];
  const nameBytes = bytesOf(view, at + LISTED_SIZE, view.getUint16(at + 28, true));
  const name = new TextDecoder().decode(nameBytes);
  const fail = (what: string): DataError => new DataError(`${path}: ${JSON.stringify(name)} ${what}`);
  return {
    name,
    size,
    unpack() {
      if ((flags & 1) !== 0) throw fail("is encrypted; save it without a password");
      if (method !== 0 && method !== 8) throw fail(`is packed by method ${method}; save it with numpy.savez`);
      if ([packed, size, offset].includes(LARGE)) throw fail("is larger than 4 GB; save it as .npy");
      const isThere = offset + LOCAL_SIZE <= view.byteLength && view.getUint32(offset, true) === LOCAL;
      if (!isThere) throw fail("is not where the archive says; save it again");
      const names = view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
      const body = bytesOf(view, offset + LOCAL_SIZE + names, packed);
      const content = method === 0 ? body : inflated(body, size);
      if (content?.length !== size || crc32(content) !== sum) throw fail("is damaged; save it again");
      return content;
    },
  };
}

const bytesOf = (view: DataView, at: number, length: number): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset + at, Math.max(0, Math.min(length, view.byteLength - at)));

/** At most as many bytes as were promised. */
function inflated(bytes: Uint8Array, size: number): Uint8Array | undefined {
  try {
    const { buffer, byteOffset, byteLength } = inflateRawSync(bytes, { maxOutputLength: Math.max(1, size) });
    return new Uint8Array(buffer, byteOffset, byteLength);
  } catch {
    return undefined;
  }
}
