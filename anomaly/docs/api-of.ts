/** The API page: what an index exports, with its docstrings and declarations, read from the sources. */
import { readFileSync } from "node:fs";
import { type Comment, parseSync } from "oxc-parser";

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

interface Section {
  readonly title: string;
  readonly entries: readonly string[];
}

/** Markdown with one chapter per comment of the index. */
export function apiOf(index: URL): string {
  const sections = sectionsOf(index);
  const chapters = sections.map(({ title, entries }) => [`## ${title}`, "", ...entries].join("\n"));
  return ["# API", "", "Drawn from the sources by `make pictures`. Everything comes from `@kintsugi/anomaly`.", "", ...chapters].join("\n");
}

function sectionsOf(index: URL): Section[] {
  const { text, body, comments } = parsed(index);
  const sections: { title: string; entries: string[] }[] = [];
  for (const node of body) {
    if (node.type !== "ExportNamedDeclaration" || node["source"] === null) continue;
    const title = titleBefore(node, text, comments);
    if (title !== undefined || sections.length === 0) sections.push({ title: title ?? "Exports", entries: [] });
    const file = new URL((node["source"] as { value: string }).value, index);
    const names = (node["specifiers"] as { local: { name: string } }[]).map(({ local }) => local.name);
    sections.at(-1)?.entries.push(...names.map((name) => entryOf(file, name)));
  }
  return sections;
}

function entryOf(file: URL, name: string): string {
  const { text, body, comments } = parsed(file);
  for (const node of body) {
    if (node.type !== "ExportNamedDeclaration") continue;
    const declaration = node["declaration"] as Node | null;
    if (declaration === null || !namesOf(declaration).includes(name)) continue;
    return [`### ${name}`, "", docBefore(node.start, text, comments), "", "```ts", declared(declaration, text, comments), "```", ""].join("\n");
  }
  throw new Error(`${file.pathname} does not declare ${name}: the index must export from the file that declares it`);
}

function namesOf(declaration: Node): string[] {
  if (declaration.type === "VariableDeclaration") return (declaration["declarations"] as { id: { name: string } }[]).map(({ id }) => id.name);
  return [(declaration["id"] as { name: string }).name];
}

/** Without bodies: what a caller needs. */
function declared(declaration: Node, text: string, comments: readonly Comment[]): string {
  const body = declaration["body"] as Node | undefined | null;
  if (declaration.type === "FunctionDeclaration" && body) return text.slice(declaration.start, body.start).trim();
  if (declaration.type !== "ClassDeclaration" || !body) return text.slice(declaration.start, declaration.end);
  const members = (body["body"] as Node[])
    .filter((member) => isPublic(member) && !isInternal(member, text, comments))
    .map((member) => {
      const value = member["value"] as Node | null;
      const inner = value?.["body"] as Node | undefined | null;
      const signature = text.slice(member.start, inner?.start ?? member.end).trim();
      const doc = commentBefore(member.start, text, comments);
      const lines = doc === undefined ? [] : [text.slice(doc.start, doc.end)];
      return [...lines, signature.replace(/;?$/, ";")].map((line) => `  ${line}`).join("\n");
    });
  return `${text.slice(declaration.start, body.start).trim()} {\n${members.join("\n")}\n}`;
}

function isPublic(member: Node): boolean {
  const key = member["key"] as { type: string } | undefined;
  return member["accessibility"] !== "private" && key?.type !== "PrivateIdentifier";
}

/** Said to be for the library itself. */
function isInternal(member: Node, text: string, comments: readonly Comment[]): boolean {
  return commentBefore(member.start, text, comments)?.value.includes("@internal") ?? false;
}

function docBefore(start: number, text: string, comments: readonly Comment[]): string {
  const comment = commentBefore(start, text, comments);
  const lines = comment?.value.split("\n").map((line) => line.replace(/^\s*\*? ?/, "").trimEnd()) ?? [];
  return lines.join("\n").trim();
}

function commentBefore(start: number, text: string, comments: readonly Comment[]): Comment | undefined {
  return comments.find(({ type, end, value }) => type === "Block" && value.startsWith("*") && end <= start && text.slice(end, start).trim() === "");
}

function titleBefore(node: Node, text: string, comments: readonly Comment[]): string | undefined {
  const comment = comments.find(({ type, end }) => type === "Line" && end <= node.start && text.slice(end, node.start).trim() === "");
  return comment?.value.trim().replace(/\.$/, "");
}

const cache = new Map<string, { text: string; body: readonly Node[]; comments: readonly Comment[] }>();

function parsed(file: URL): { text: string; body: readonly Node[]; comments: readonly Comment[] } {
  const known = cache.get(file.href);
  if (known !== undefined) return known;
  const text = readFileSync(file, "utf8");
  const { program, comments } = parseSync(file.pathname, text);
  const result = { text, body: program.body as unknown as Node[], comments };
  cache.set(file.href, result);
  return result;
}
