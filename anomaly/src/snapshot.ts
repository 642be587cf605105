/**
 * State as bytes: a header that says whose state it is, then typed arrays, then a checksum. Restoring is a byte copy.
 * Layout, little-endian: "KSNP", u32 version, u32 length of kind, kind in ASCII, then per field u32 type, u32 count, padding to 8, values, padding to 8; last u32 CRC-32 of all before it.
 */
import { InputError } from "./input-error.ts";

type Values = Float64Array | Float32Array | Int32Array | Uint32Array | Uint16Array | Uint8Array;

const TYPES = [Float64Array, Float32Array, Int32Array, Uint32Array, Uint16Array, Uint8Array] as const;
const MAGIC = 0x504e534b;
const ALIGNMENT = 8;

const aligned = (offset: number): number => Math.ceil(offset / ALIGNMENT) * ALIGNMENT;

/** `kind` names whose state it is, `version` the meaning of the fields; `fields` in an order that only the owner knows. */
export function writeSnapshot(kind: string, version: number, fields: readonly Values[]): Uint8Array {
  let size = aligned(12 + kind.length);
  for (const field of fields) size = aligned(size + 8 + field.byteLength);
  const bytes = new Uint8Array(size + 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, version, true);
  view.setUint32(8, kind.length, true);
  for (let index = 0; index < kind.length; index++) bytes[12 + index] = kind.charCodeAt(index);
  let offset = aligned(12 + kind.length);
  for (const field of fields) {
    const type = TYPES.findIndex((each) => field instanceof each);
    view.setUint32(offset, type, true);
    view.setUint32(offset + 4, field.length, true);
    bytes.set(new Uint8Array(field.buffer, field.byteOffset, field.byteLength), offset + 8);
    offset = aligned(offset + 8 + field.byteLength);
  }
  view.setUint32(size, crc32(bytes.subarray(0, size)), true);
  return bytes;
}

/** Reads the fields back, in order. Throws InputError for damage, another kind, another version, or a field of another type or length. */
export interface SnapshotReader {
  /** Copies the next field into `into`, which must have its type and length. */
  into(target: Values): void;
  /** The next field as numbers of 8 bytes: `length` of them, or as many as there are. Needs no room made before, so a length that somebody made up takes none. */
  float64(length?: number): Float64Array;
  /** Says that no field may be left. */
  end(): void;
}

export function readSnapshot(bytes: Uint8Array, kind: string, version: number): SnapshotReader {
  // Not bytes.slice(): a Buffer of Node would give a view into memory that it shares.
  const copy = new Uint8Array(bytes);
  const view = new DataView(copy.buffer);
  const body = copy.length - 4;
  if (body < 12 || view.getUint32(0, true) !== MAGIC) throw new InputError(`not a snapshot: give the bytes that snapshot() of a ${kind} returned`);
  if (view.getUint32(body, true) !== crc32(copy.subarray(0, body)))
    throw new InputError(`the snapshot of a ${kind} is damaged: its checksum differs; take the one before it`);
  const length = view.getUint32(8, true);
  // No kind has a longer name; a length that somebody made up is not walked to its end.
  const found = String.fromCharCode(...copy.subarray(12, Math.min(body, 12 + Math.min(length, 100))));
  if (found !== kind) throw new InputError(`the snapshot is of a ${found}, not of a ${kind}`);
  const foundVersion = view.getUint32(4, true);
  if (foundVersion !== version)
    throw new InputError(`the snapshot of a ${kind} has version ${foundVersion}, this library reads version ${version}: fit it anew`);
  let offset = aligned(12 + length);
  let index = -1;
  const next = (type: number): { readonly start: number; readonly count: number } => {
    index++;
    if (offset + 8 > body) throw new InputError(`the snapshot of a ${kind} has no field ${index}`);
    const wanted = TYPES[type] as (typeof TYPES)[number];
    if (view.getUint32(offset, true) !== type) throw new InputError(`field ${index} of the snapshot of a ${kind} is not a ${wanted.name}`);
    const count = view.getUint32(offset + 4, true);
    const start = offset + 8;
    const end = start + count * wanted.BYTES_PER_ELEMENT;
    if (end > body) throw new InputError(`field ${index} of the snapshot of a ${kind} is cut`);
    offset = aligned(end);
    return { start, count };
  };
  const otherLength = (count: number, expected: number): InputError =>
    new InputError(`field ${index} of the snapshot of a ${kind} has ${count} values, ${expected} were expected: were its parameters the same?`);
  return {
    into(target) {
      const { start, count } = next(TYPES.findIndex((each) => target instanceof each));
      if (count !== target.length) throw otherLength(count, target.length);
      new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(copy.subarray(start, start + target.byteLength));
    },
    float64(length) {
      const { start, count } = next(0);
      if (length !== undefined && count !== length) throw otherLength(count, length);
      return new Float64Array(copy.slice(start, start + count * 8).buffer);
    },
    end() {
      if (offset !== body) throw new InputError(`the snapshot of a ${kind} has more fields than ${index + 1}`);
    },
  };
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 of IEEE 802.3. */
function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (let index = 0; index < bytes.length; index++) crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ (bytes[index] as number)) & 255] as number);
  return ~crc >>> 0;
}
