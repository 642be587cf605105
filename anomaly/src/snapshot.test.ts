import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readSnapshot, writeSnapshot } from "./snapshot.ts";

const bytes = (): Uint8Array => writeSnapshot("bank", 2, [Float64Array.of(1, 2.5), Uint8Array.of(7), Int32Array.of(-1)]);

it("gives back what was written", () => {
  const reader = readSnapshot(bytes(), "bank", 2);
  const [doubles, small, ints] = [new Float64Array(2), new Uint8Array(1), new Int32Array(1)];
  reader.into(doubles);
  reader.into(small);
  reader.into(ints);
  reader.end();
  expect([[...doubles], [...small], [...ints]]).toEqual([[1, 2.5], [7], [-1]]);
});

it("reads what came from a file, which is a part of memory that others share", () => {
  const pool = Buffer.alloc(200, 7);
  pool.set(bytes(), 13);
  const reader = readSnapshot(pool.subarray(13, 13 + bytes().length), "bank", 2);
  expect([...reader.float64()]).toEqual([1, 2.5]);
});

describe("refuses", () => {
  it("another kind", () => expect(() => readSnapshot(bytes(), "forest", 2)).toThrow("the snapshot is of a bank, not of a forest"));
  it("another version", () => expect(() => readSnapshot(bytes(), "bank", 3)).toThrow("has version 2, this library reads version 3"));
  it("what is no snapshot", () => expect(() => readSnapshot(new Uint8Array(40), "bank", 2)).toThrow("not a snapshot"));
  it("a field of another length", () => expect(() => readSnapshot(bytes(), "bank", 2).into(new Float64Array(3))).toThrow("has 2 values, 3 were expected"));
  it("numbers of another length than was expected", () =>
    expect(() => readSnapshot(bytes(), "bank", 2).float64(1e9)).toThrow("has 2 values, 1000000000 were expected"));
  it("a field of another type", () => expect(() => readSnapshot(bytes(), "bank", 2).into(new Uint8Array(2))).toThrow("is not a Uint8Array"));
  it("fields that nobody asked for", () => {
    const reader = readSnapshot(bytes(), "bank", 2);
    reader.float64();
    expect(() => reader.end()).toThrow("has more fields than 1");
  });
  it("a count that reaches beyond its end, though the checksum is right", () => {
    const bad = bytes();
    const view = new DataView(bad.buffer);
    view.setUint32(16 + 4, 1e9, true);
    view.setUint32(bad.length - 4, crc32(bad.subarray(0, -4)), true);
    expect(() => readSnapshot(bad, "bank", 2).float64()).toThrow("field 0 of the snapshot of a bank is cut");
    view.setUint32(8, 1e6, true);
    view.setUint32(bad.length - 4, crc32(bad.subarray(0, -4)), true);
    expect(() => readSnapshot(bad, "bank", 2)).toThrow("the snapshot is of a ");
  });
  it("any changed bit and any cut", () => {
    const good = bytes();
    fc.assert(
      fc.property(fc.nat(good.length * 8 - 1), (bit) => {
        const bad = good.slice();
        bad[bit >> 3] = (bad[bit >> 3] as number) ^ (1 << (bit & 7));
        expect(() => readSnapshot(bad, "bank", 2)).toThrow();
      }),
    );
    fc.assert(
      fc.property(fc.nat(good.length - 1), (length) => {
        expect(() => readSnapshot(good.slice(0, length), "bank", 2)).toThrow();
      }),
    );
  });
});
