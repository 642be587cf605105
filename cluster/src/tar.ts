/** An entry of a tar archive. */
export type TarEntry =
  | { readonly kind: "file"; readonly path: string; readonly mode: number; readonly content: Uint8Array }
  | { readonly kind: "link"; readonly path: string; readonly target: string }
  | { readonly kind: "folder"; readonly path: string; readonly mode: number };

const block = 512;
const typeFlags = { file: "0", link: "2", folder: "5" } as const;

/** A ustar archive whose bytes depend on its entries alone: owner root, time 0. */
export function tar(entries: readonly TarEntry[]): Buffer {
  const parts = entries.flatMap((entry) => {
    const content = entry.kind === "file" ? entry.content : new Uint8Array();
    const padding = Buffer.alloc((block - (content.length % block)) % block);
    return [header(entry, content.length), content, padding];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

function header(entry: TarEntry, size: number): Buffer {
  const buffer = Buffer.alloc(block);
  const path = entry.kind === "folder" ? `${entry.path}/` : entry.path;
  put(buffer, 0, 100, path);
  putOctal(buffer, 100, 8, entry.kind === "link" ? 0o777 : entry.mode);
  putOctal(buffer, 108, 8, 0);
  putOctal(buffer, 116, 8, 0);
  putOctal(buffer, 124, 12, size);
  putOctal(buffer, 136, 12, 0);
  buffer.write(typeFlags[entry.kind], 156);
  if (entry.kind === "link") put(buffer, 157, 100, entry.target);
  buffer.write("ustar\0" + "00", 257, "latin1");
  buffer.fill(" ", 148, 156);
  const sum = buffer.reduce((total, byte) => total + byte, 0);
  buffer.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return buffer;
}

function put(buffer: Buffer, offset: number, length: number, text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes > length) throw new Error(`${JSON.stringify(text)} has ${bytes} bytes, a tar header holds ${length}`);
  buffer.write(text, offset);
}

function putOctal(buffer: Buffer, offset: number, length: number, value: number): void {
  buffer.write(`${value.toString(8).padStart(length - 1, "0")}\0`, offset, "latin1");
}
