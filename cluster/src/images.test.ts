import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { dockerArchive, rootFiles } from "./images.ts";
import { type TarEntry, tar } from "./tar.ts";

interface Read {
  readonly path: string;
  readonly mode: number;
  readonly type: string;
  readonly target: string;
  readonly content: Buffer;
}

/** Reads an archive back and checks the sum of every header. */
function read(archive: Buffer): Map<string, Read> {
  const entries = new Map<string, Read>();
  for (let at = 0; archive[at] !== 0; ) {
    const header = archive.subarray(at, at + 512);
    const text = (from: number, length: number) => header.toString("utf8", from, from + length).split("\0")[0] ?? "";
    const octal = (from: number, length: number) => Number.parseInt(text(from, length), 8);
    const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
    expect(octal(148, 8)).toBe(sum);
    const size = octal(124, 12);
    const content = archive.subarray(at + 512, at + 512 + size);
    entries.set(text(0, 100), { path: text(0, 100), mode: octal(100, 8), type: text(156, 1), target: text(157, 100), content });
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return entries;
}

const file = (path: string, length: number): TarEntry => ({ kind: "file", path, mode: 0o644, content: Buffer.alloc(length, "x") });

describe("a tar archive", () => {
  it.each([0, 1, 511, 512, 513])("holds a file of %i bytes and what follows it", (length) => {
    const archive = tar([file("a", length), file("b", 3)]);
    expect(archive.length % 512).toBe(0);
    expect(read(archive).get("a")?.content.length).toBe(length);
    expect(read(archive).get("b")?.content.toString()).toBe("xxx");
  });

  it("is the same every time", () => {
    expect(tar([file("a", 9)])).toEqual(tar([file("a", 9)]));
  });

  it("refuses a name that its header can not hold", () => {
    expect(() => tar([file("a".repeat(101), 0)])).toThrow("holds 100");
  });
});

describe("an image", () => {
  const layer = tar(rootFiles(Buffer.from("program"), ["busybox", "sh", "httpd"]));

  it("has busybox, a link for each applet and a temporary folder for everyone", () => {
    const files = read(layer);
    expect(files.get("bin/busybox")).toMatchObject({ mode: 0o755, type: "0" });
    expect(files.get("bin/httpd")).toMatchObject({ type: "2", target: "busybox" });
    expect(files.get("tmp/")).toMatchObject({ mode: 0o1777, type: "5" });
  });

  it("names its layer by digest and itself by tag", () => {
    const parts = read(dockerArchive("localhost/busybox:1", ["sh"], layer));
    const json = (path: string) => JSON.parse(parts.get(path)?.content.toString() ?? "null");
    const digest = createHash("sha256")
      .update(parts.get("layer.tar")?.content ?? "")
      .digest("hex");
    expect(json("manifest.json")).toEqual([{ Config: "config.json", RepoTags: ["localhost/busybox:1"], Layers: ["layer.tar"] }]);
    expect(json("config.json")).toMatchObject({ rootfs: { diff_ids: [`sha256:${digest}`] }, config: { Cmd: ["sh"] } });
  });
});
