import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { sha256Hex } from "./sha256.ts";

const reference = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");

it("agrees with the known digests of FIPS 180-4", () => {
  expect(sha256Hex("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect(sha256Hex("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

it("agrees with another implementation at every length around the block boundaries", () => {
  for (let length = 0; length < 300; length++) expect(sha256Hex("x".repeat(length))).toBe(reference("x".repeat(length)));
});

it("agrees with another implementation on any text, lone surrogates included", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
      expect(sha256Hex(text)).toBe(reference(text));
    }),
  );
  for (const text of ["\ud800", "a\udc00b", "\ud83d\ude00", "\ud800\ud800\udc00", "é€😀"]) expect(sha256Hex(text)).toBe(reference(text));
});

it("forgets a long text before it hashes a short one", () => {
  const long = "0123456789abcdef".repeat(100_000);
  expect(sha256Hex(long)).toBe(reference(long));
  expect(sha256Hex("short")).toBe(reference("short"));
});
