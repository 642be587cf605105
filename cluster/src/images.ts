import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execute } from "./execute.ts";
import type { ClusterPaths } from "./paths.ts";
import { type TarEntry, tar } from "./tar.ts";

export const busyboxProgram = "/bin/busybox";

/** Ends at once when asked to, as the real pause program does. */
const pauseLoop = 'trap "exit 0" TERM INT; while :; do sleep 86400 & wait $!; done';

const images = [
  { tag: "localhost/busybox:1", command: ["sh"] },
  { tag: "localhost/pause:1", command: ["sh", "-c", pauseLoop] },
];

/** Writes the images that every node gets, as archives that containerd imports; returns the files. */
export async function writeImages(paths: ClusterPaths): Promise<string[]> {
  mkdirSync(paths.images, { recursive: true });
  const applets = (await execute(busyboxProgram, ["--list"])).split("\n").filter(Boolean);
  const layer = tar(rootFiles(readFileSync(busyboxProgram), applets));
  return images.map(({ tag, command }) => {
    const file = join(paths.images, `${tag.replace(/[/:]/g, "-")}.tar`);
    writeFileSync(file, dockerArchive(tag, command, layer));
    return file;
  });
}

/** A root file system of busybox alone, each applet a link in /bin. */
export function rootFiles(busybox: Uint8Array, applets: readonly string[]): TarEntry[] {
  const folders = ["bin", "etc", "root", "usr", "var", "www"];
  const links = applets.filter((applet) => applet !== "busybox");
  const text = (path: string, content: string): TarEntry => ({
    kind: "file",
    path,
    mode: 0o644,
    content: Buffer.from(content),
  });
  return [
    ...folders.map((path): TarEntry => ({ kind: "folder", path, mode: 0o755 })),
    { kind: "folder", path: "tmp", mode: 0o1777 },
    { kind: "file", path: "bin/busybox", mode: 0o755, content: busybox },
    ...links.map((applet): TarEntry => ({ kind: "link", path: `bin/${applet}`, target: "busybox" })),
    text("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n"),
    text("etc/group", "root:x:0:\nnobody:x:65534:\n"),
  ];
}

/** An image of one layer in the format of `docker save`. */
export function dockerArchive(tag: string, command: readonly string[], layer: Uint8Array): Buffer {
  const digest = createHash("sha256").update(layer).digest("hex");
  const config = {
    architecture: process.arch === "arm64" ? "arm64" : "amd64",
    os: "linux",
    config: { Env: ["PATH=/bin"], Cmd: command, WorkingDir: "/" },
    rootfs: { type: "layers", diff_ids: [`sha256:${digest}`] },
    history: [{ created_by: "busybox" }],
  };
  const manifest = [{ Config: "config.json", RepoTags: [tag], Layers: ["layer.tar"] }];
  const file = (path: string, content: Uint8Array): TarEntry => ({ kind: "file", path, mode: 0o644, content });
  return tar([
    file("config.json", Buffer.from(JSON.stringify(config))),
    file("manifest.json", Buffer.from(JSON.stringify(manifest))),
    file("layer.tar", layer),
  ]);
}
