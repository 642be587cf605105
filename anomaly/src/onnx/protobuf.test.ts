import { expect, it } from "vitest";
import { createMessage, utf8 } from "./protobuf.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

it("writes the examples of the format's own description", () => {
  expect(hex(createMessage().int(1, 150).finish())).toBe("089601");
  expect(hex(createMessage().text(2, "testing").finish())).toBe("120774657374696e67");
  expect(hex(createMessage().message(3, createMessage().int(1, 150)).finish())).toBe("1a03089601");
  expect(hex(createMessage().int(1, -2).finish())).toBe("08feffffffffffffffff01");
});

it("writes floats little-endian, fields above 15, and whole numbers of 53 bits", () => {
  expect(hex(createMessage().float(1, 1).finish())).toBe("0d0000803f");
  expect(hex(createMessage().int(20, 1).finish())).toBe("a00101");
  expect(hex(createMessage().int(1, Number.MAX_SAFE_INTEGER).finish())).toBe("08ffffffffffffff0f");
});

it("grows as far as it must", () => {
  const large = new Uint8Array(1_000).fill(7);
  const bytes = createMessage().int(1, 1).bytes(2, large).int(3, 2).finish();
  expect(bytes).toHaveLength(2 + 3 + 1_000 + 2);
  expect([...bytes.subarray(-2)]).toEqual([24, 2]);
});

it("encodes text as the platform does", () => {
  for (const text of ["plain", "Größe µs", "読み", "🙂 and half \ud83d of one"]) expect(hex(utf8(text))).toBe(hex(new TextEncoder().encode(text)));
});
