/**
 * The part of the protobuf wire format that an ONNX file needs: whole numbers, 32-bit floats, and what has a length.
 * Written here, for it is one page and the library needs no package with it; only the writing half of the format is there.
 * https://protobuf.dev/programming-guides/encoding
 */

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

/** One message under way. Every method appends one field and returns the message; a field that repeats is appended as often. */
export interface Message {
  /** A whole number of 64 bits, of which numbers of JavaScript hold 53; a negative one takes ten bytes. */
  int(field: number, value: number): Message;
  float(field: number, value: number): Message;
  text(field: number, value: string): Message;
  bytes(field: number, value: Uint8Array): Message;
  message(field: number, value: Message): Message;
  /** What was appended so far. */
  finish(): Uint8Array;
}

export function createMessage(): Message {
  let buffer = new Uint8Array(64);
  let length = 0;
  const room = (more: number): void => {
    if (length + more <= buffer.length) return;
    const larger = new Uint8Array(Math.max(buffer.length * 2, length + more));
    larger.set(buffer.subarray(0, length));
    buffer = larger;
  };
  const varint = (value: bigint): void => {
    room(10);
    let rest = BigInt.asUintN(64, value);
    for (; rest > 127n; rest >>= 7n) buffer[length++] = Number(rest & 127n) | 128;
    buffer[length++] = Number(rest);
  };
  const key = (field: number, wire: number): void => varint(BigInt(field * 8 + wire));
  const self: Message = {
    int(field, value) {
      key(field, VARINT);
      varint(BigInt(value));
      return self;
    },
    float(field, value) {
      key(field, FIXED_32);
      room(4);
      new DataView(buffer.buffer).setFloat32(length, value, true);
      length += 4;
      return self;
    },
    text: (field, value) => self.bytes(field, utf8(value)),
    bytes(field, value) {
      key(field, LENGTH_DELIMITED);
      varint(BigInt(value.length));
      room(value.length);
      buffer.set(value, length);
      length += value.length;
      return self;
    },
    message: (field, value) => self.bytes(field, value.finish()),
    finish: () => buffer.slice(0, length),
  };
  return self;
}

/** UTF-8 (RFC 3629); half of a surrogate pair becomes the replacement character, as in the platform's own encoder. */
export function utf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text.toWellFormed()) {
    const code = character.codePointAt(0) as number;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return Uint8Array.from(bytes);
}
