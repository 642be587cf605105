/** What the rules look at: the project's files, and the syntax trees of those in TypeScript. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync, visitorKeys } from "oxc-parser";

/** A node of the ESTree, whose fields depend on its type. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

export interface Source {
  /** From the root of the project, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly lineOf: (offset: number) => number;
  /** Every node, parents first; empty where the file is not TypeScript. */
  readonly nodes: readonly Node[];
}

export interface Violation {
  readonly path: string;
  readonly line: number;
  /** What is wrong and what would be right. */
  readonly message: string;
}

export type Rule = (sources: readonly Source[]) => Violation[];

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Made or fetched, not written: none of these is in the repository. */
const NOT_OURS = new Set(["node_modules", ".git", "coverage", ".tmp"]);
const BINARY = /\.(png|jpg|gif|ico|woff2?|gz|tgz|onnx|sqlite(-wal|-shm)?)$/;

/** Every text file of the project. */
export function projectSources(): Source[] {
  return walk("").map((path) => sourceOf(path, readFileSync(join(root, path), "utf8")));
}

function walk(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => !NOT_OURS.has(entry.name) && !BINARY.test(entry.name))
    .flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return walk(path);
      return entry.isFile() ? [path] : [];
    });
}

export function sourceOf(path: string, text: string): Source {
  let nodes: readonly Node[] | undefined;
  return {
    path,
    text,
    lineOf: (offset) => text.slice(0, offset).split("\n").length,
    get nodes() {
      nodes ??= path.endsWith(".ts") ? parsed(path, text) : [];
      return nodes;
    },
  };
}

function parsed(path: string, text: string): Node[] {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const found: Node[] = [];
  collect(program as unknown as Node, found);
  return found;
}

function collect(node: Node, found: Node[]): void {
  found.push(node);
  for (const key of visitorKeys[node.type] ?? []) {
    const child = node[key];
    for (const each of Array.isArray(child) ? child : [child]) if (isNode(each)) collect(each, found);
  }
}

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value;
}

export function at(source: Source, node: Node, message: string): Violation {
  return { path: source.path, line: source.lineOf(node.start), message };
}

/** Tests and benchmarks, and what only they use. */
export function isTest(path: string): boolean {
  return path.endsWith(".test.ts") || path.includes("/testing/") || path.startsWith("tests/") || path.includes("/test-cluster/") || path.includes("/bench/");
}

export function isCode(path: string): boolean {
  return path.endsWith(".ts") && !path.endsWith(".d.ts");
}

/** `a.b` for a member by name, `a` for an identifier, else undefined. */
export function nameOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === "Identifier") return String(node["name"]);
  if (node.type !== "MemberExpression" || node["computed"] === true) return undefined;
  const [object, property] = [nameOf(node["object"]), nameOf(node["property"])];
  return object === undefined || property === undefined ? undefined : `${object}.${property}`;
}

export interface Import {
  readonly node: Node;
  readonly specifier: string;
  /** The file meant, from the root of the project; undefined for a package. */
  readonly target: string | undefined;
  readonly typeOnly: boolean;
}

/** Static and dynamic imports and re-exports. */
export function importsOf(source: Source): Import[] {
  return source.nodes.flatMap((node) => {
    if (!["ImportDeclaration", "ExportNamedDeclaration", "ExportAllDeclaration", "ImportExpression"].includes(node.type)) return [];
    const from = node["source"];
    if (!isNode(from) || typeof from["value"] !== "string") return [];
    const specifier = from["value"];
    const target = specifier.startsWith(".") ? join(source.path, "..", specifier) : undefined;
    return [{ node, specifier, target, typeOnly: node["importKind"] === "type" || node["exportKind"] === "type" }];
  });
}
