// The wire format of Protocol Buffers: tags, lengths and numbers as bytes. Knows no message of ONNX, and makes no code
// at run time, so that it works under any content security policy.
//
// Source: protobuf.dev/programming-guides/encoding.

/** How the value behind a tag is stored. */
export const WIRE = { varint: 0, bits64: 1, bytes: 2, start: 3, end: 4, bits32: 5 } as const;

/** 64-bit integers are numbers where they are exact, and else `bigint`. */
export type Integer = number | bigint;

/** The bytes are not what the format allows. Readers of whole files word it. */
export class WireError extends Error {}

/** Messages within messages: as many as other readers of the format allow. */
const DEPTH_LIMIT = 100;

const decoder = new TextDecoder();

/** A float before it becomes bytes. */
const SCRATCH = new DataView(new ArrayBuffer(8));

export class WireReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  at: number;
  readonly end: number;
  readonly #depth: number;

  constructor(bytes: Uint8Array, at = 0, end: number = bytes.length, depth = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = at;
    this.end = end;
    this.#depth = depth;
    if (depth > DEPTH_LIMIT) throw new WireError(`messages are nested more than ${DEPTH_LIMIT} deep`);
  }

  get isAtEnd(): boolean {
    return this.at >= this.end;
  }

  /** An unsigned number of 32 bits; of a longer one the low bits. */
  uint32(): number {
    return this.#varint().low;
  }

  int32(): number {
    return this.#varint().low | 0;
  }

  int64(isSigned: boolean): Integer {
    const { low, high } = this.#varint();
    const top = isSigned ? high | 0 : high;
    const value = top * 2 ** 32 + low;
    return Number.isSafeInteger(value) ? value : (BigInt(top) << 32n) | BigInt(low);
  }

  #varint(): { low: number; high: number } {
    let [low, high] = [0, 0];
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#take(1);
      const bits = this.#bytes[byte]! & 127;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high |= bits >> 4;
      } else if (shift < 63) high |= bits << (shift - 32);
      else high |= (bits & 1) << 31;
      if (this.#bytes[byte]! < 128) return { low: low >>> 0, high: high >>> 0 };
    }
    throw new WireError("a number is longer than 10 bytes");
  }

  float(): number {
    return this.#view.getFloat32(this.#take(4), true);
  }

  double(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  /** A view of the bytes behind a length, no copy. */
  bytes(): Uint8Array {
    const length = this.uint32();
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  string(): string {
    const bytes = this.bytes();
    if (bytes.length > 64) return decoder.decode(bytes);
    let text = "";
    for (const byte of bytes) {
      if (byte > 127) return decoder.decode(bytes);
      text += String.fromCharCode(byte);
    }
    return text;
  }

  /** A reader of the message behind a length. */
  message(): WireReader {
    const length = this.uint32();
    const start = this.#take(length);
    return new WireReader(this.#bytes, start, start + length, this.#depth + 1);
  }

  /** Skips the value behind a tag; returns all bytes since `from`, the tag's own among them. */
  skip(wire: number, from: number): Uint8Array {
    let open = 0;
    for (let kind = wire; ; kind = this.uint32() & 7) {
      if (kind === WIRE.varint) this.#varint();
      else if (kind === WIRE.bits64) this.#take(8);
      else if (kind === WIRE.bytes) this.#take(this.uint32());
      else if (kind === WIRE.bits32) this.#take(4);
      else if (kind === WIRE.start) open++;
      else if (kind === WIRE.end && open > 0) open--;
      else throw new WireError(`there is no value of kind ${kind}`);
      if (open === 0) return this.#bytes.subarray(from, this.at);
    }
  }

  #take(length: number): number {
    const start = this.at;
    if (!(length <= this.end - start)) throw new WireError("a value is longer than what it is in");
    this.at += length;
    return start;
  }
}

/** Collects bytes. Long ones are kept by reference and copied once, when all is known. */
export class WireWriter {
  size = 0;
  readonly #pieces: Uint8Array[] = [];
  #tail: number[] = [];

  varint(value: Integer): void {
    if (typeof value === "number" && value >= 0 && value < 2 ** 31) {
      let rest = value;
      for (; rest > 127; rest >>>= 7) this.#byte((rest & 127) | 128);
      this.#byte(rest);
      return;
    }
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 127n; rest >>= 7n) this.#byte(Number(rest & 127n) | 128);
    this.#byte(Number(rest));
  }

  tag(field: number, wire: number): void {
    this.varint(field * 8 + wire);
  }

  float(value: number): void {
    SCRATCH.setFloat32(0, value, true);
    for (let i = 0; i < 4; i++) this.#byte(SCRATCH.getUint8(i));
  }

  double(value: number): void {
    SCRATCH.setFloat64(0, value, true);
    for (let i = 0; i < 8; i++) this.#byte(SCRATCH.getUint8(i));
  }

  /** Bytes without a length. */
  raw(bytes: Uint8Array): void {
    if (bytes.length < 64) for (const byte of bytes) this.#tail.push(byte);
    else {
      this.#flush();
      this.#pieces.push(bytes);
    }
    this.size += bytes.length;
  }

  bytes(bytes: Uint8Array): void {
    this.varint(bytes.length);
    this.raw(bytes);
  }

  /** What another writer holds, behind its length. */
  nested(inner: WireWriter): void {
    this.varint(inner.size);
    if (inner.#pieces.length > 0) this.#flush();
    // one by one: the arguments of a call are on the stack, and a graph can have a million pieces
    for (const piece of inner.#pieces) this.#pieces.push(piece);
    for (const byte of inner.#tail) this.#tail.push(byte);
    this.size += inner.size;
  }

  finish(): Uint8Array {
    this.#flush();
    const all = new Uint8Array(this.size);
    let at = 0;
    for (const piece of this.#pieces) {
      all.set(piece, at);
      at += piece.length;
    }
    return all;
  }

  #byte(value: number): void {
    this.#tail.push(value);
    this.size++;
  }

  #flush(): void {
    if (this.#tail.length === 0) return;
    this.#pieces.push(Uint8Array.from(this.#tail));
    this.#tail = [];
  }
}
