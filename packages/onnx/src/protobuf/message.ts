// Messages of the ONNX format as plain objects, and back, by the table of their fields. Knows what a field is, and
// nothing of what it means.

import { MESSAGES } from "./schema.js";
import { WIRE, WireReader, WireWriter } from "./wire.js";

type Message = Record<string | symbol, unknown>;

interface Field {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly isRepeated: boolean;
  readonly isPacked: boolean;
}

/** Fields of a message by number, in ascending order. */
type Fields = ReadonlyMap<number, Field>;

/** Fields that the table does not know, each with its tag: they are written again as they were. */
const UNKNOWN: unique symbol = Symbol("unknown fields");

const tables = new Map<string, Fields>();

function fieldsOf(type: string): Fields {
  const known = tables.get(type);
  if (known !== undefined) return known;
  const fields = new Map<number, Field>();
  for (const text of MESSAGES[type]!.split(", ")) {
    const [id = "", name = "", kind = ""] = text.split(" ");
    const isPacked = kind.startsWith("+");
    const isRepeated = isPacked || kind.startsWith("*");
    fields.set(Number(id), { id: Number(id), name, type: isRepeated ? kind.slice(1) : kind, isRepeated, isPacked });
  }
  tables.set(type, fields);
  return fields;
}

/** @throws {WireError} If the bytes are not a message. */
export function decodeMessage(type: string, bytes: Uint8Array): object {
  return decodeInto({}, type, new WireReader(bytes));
}

function decodeInto(message: Message, type: string, reader: WireReader): Message {
  const fields = fieldsOf(type);
  while (!reader.isAtEnd) {
    const from = reader.at;
    const tag = reader.uint32();
    const field = fields.get(tag >>> 3);
    const wire = tag & 7;
    if (field !== undefined && wire === wireOf(field.type)) readValue(message, field, reader);
    else if (field?.isRepeated && wire === WIRE.bytes) readPacked(listOf(message, field.name), field, reader);
    else listOf(message, UNKNOWN).push(reader.skip(wire, from));
  }
  return message;
}

function readValue(message: Message, field: Field, reader: WireReader): void {
  const { name, type, isRepeated } = field;
  // a singular message that comes twice is one message with the fields of both
  const before = isRepeated ? undefined : (message[name] as Message | undefined);
  const value = Object.hasOwn(MESSAGES, type)
    ? decodeInto(before ?? {}, type, reader.message())
    : readScalar(type, reader);
  if (isRepeated) listOf(message, name).push(value);
  else message[name] = value;
}

function readPacked(list: unknown[], { type }: Field, reader: WireReader): void {
  for (const inner = reader.message(); !inner.isAtEnd; ) list.push(readScalar(type, inner));
}

function listOf(message: Message, name: string | symbol): unknown[] {
  const list = (message[name] ?? []) as unknown[];
  message[name] = list;
  return list;
}

function wireOf(type: string): number {
  if (type === "float") return WIRE.bits32;
  if (type === "double") return WIRE.bits64;
  return type === "string" || type === "bytes" || Object.hasOwn(MESSAGES, type) ? WIRE.bytes : WIRE.varint;
}

function readScalar(type: string, reader: WireReader): unknown {
  switch (type) {
    case "float":
      return reader.float();
    case "double":
      return reader.double();
    case "string":
      return reader.string();
    case "bytes":
      return reader.bytes();
    case "int32":
      return reader.int32();
    default:
      return reader.int64(type === "int64");
  }
}

/** The bytes of a message: its fields in the order of their numbers, then those that were not known. */
export function encodeMessage(type: string, message: object): Uint8Array {
  return encode(type, message as Message).finish();
}

function encode(type: string, message: Message): WireWriter {
  const writer = new WireWriter();
  for (const field of fieldsOf(type).values()) {
    const value = message[field.name];
    if (value === undefined || value === null) continue;
    if (!field.isRepeated) writeValue(writer, field, value);
    else if (!field.isPacked) for (const item of value as Iterable<unknown>) writeValue(writer, field, item);
    else if ((value as readonly unknown[]).length > 0) writePacked(writer, field, value as Iterable<unknown>);
  }
  for (const raw of (message[UNKNOWN] ?? []) as readonly Uint8Array[]) writer.raw(raw);
  return writer;
}

function writeValue(writer: WireWriter, { id, type }: Field, value: unknown): void {
  writer.tag(id, wireOf(type));
  if (Object.hasOwn(MESSAGES, type)) writer.nested(encode(type, value as Message));
  else writeScalar(writer, type, value);
}

function writePacked(writer: WireWriter, { id, type }: Field, values: Iterable<unknown>): void {
  const inner = new WireWriter();
  for (const value of values) writeScalar(inner, type, value);
  writer.tag(id, WIRE.bytes);
  writer.nested(inner);
}

const encoder = new TextEncoder();

function writeScalar(writer: WireWriter, type: string, value: unknown): void {
  if (type === "float") writer.float(value as number);
  else if (type === "double") writer.double(value as number);
  else if (type === "string") writer.bytes(encoder.encode(value as string));
  else if (type === "bytes") writer.bytes(value as Uint8Array);
  else writer.varint(value as number | bigint);
}
