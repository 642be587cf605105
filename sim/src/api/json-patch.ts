/** JSON Patch (RFC 6902) with JSON Pointers (RFC 6901), as the API server applies it: all or nothing. */
import type { PatchOp, Ref } from "@kintsugi/core";
import { sameJson } from "../world/same.ts";
import { invalid, testFailed } from "./errors.ts";

type Json = Record<string, unknown> | unknown[];

/** Applies to a deep copy. Throws PortError: conflict for a failed test, invalid for a path that is not there. */
export function applyPatch(document: unknown, patch: readonly PatchOp[], ref: Ref): unknown {
  const copy = structured(document);
  for (const op of patch) applyOne(copy, op, ref);
  return copy;
}

function applyOne(root: unknown, op: PatchOp, ref: Ref): void {
  const tokens = parsePointer(op.path);
  const last = tokens.at(-1);
  if (last === undefined) throw invalid(ref, `path "${op.path}" does not name a field`);
  const parent = walk(root, tokens.slice(0, -1));
  if (op.op === "test") {
    const found = parent === undefined ? undefined : child(parent, last);
    if (!sameJson(found ?? null, op.value ?? null)) throw testFailed(op.path);
    return;
  }
  if (parent === undefined) throw invalid(ref, `${op.op} operation does not apply: doc is missing path: "${op.path}"`);
  if (op.op === "add") {
    insert(parent, last, structured(op.value), op.path, ref);
    return;
  }
  if (child(parent, last) === undefined) throw invalid(ref, `${op.op} operation does not apply: doc is missing key: ${op.path}`);
  if (op.op === "replace") {
    assign(parent, last, structured(op.value));
    return;
  }
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
}

export function parsePointer(path: string): string[] {
  if (path === "") return [];
  return path
    .slice(1)
    .split("/")
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function walk(root: unknown, tokens: readonly string[]): Json | undefined {
  let at: unknown = root;
  for (const token of tokens) at = isJson(at) ? child(at, token) : undefined;
  return isJson(at) ? at : undefined;
}

function child(parent: Json, token: string): unknown {
  if (Array.isArray(parent)) return /^\d+$/.test(token) ? parent[Number(token)] : undefined;
  return Object.hasOwn(parent, token) ? parent[token] : undefined;
}

function insert(parent: Json, token: string, value: unknown, path: string, ref: Ref): void {
  if (!Array.isArray(parent)) {
    assign(parent, token, value);
    return;
  }
  const index = token === "-" ? parent.length : Number(token);
  if (!Number.isInteger(index) || index < 0 || index > parent.length) throw invalid(ref, `add operation does not apply: index out of bounds: ${path}`);
  parent.splice(index, 0, value);
}

function assign(parent: Json, token: string, value: unknown): void {
  if (Array.isArray(parent)) parent[Number(token)] = value;
  else parent[token] = value;
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null;
}

function structured<T>(value: T): T {
  if (Array.isArray(value)) return value.map(structured) as T;
  if (!isJson(value)) return value;
  const out: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) out[key] = structured(item);
  return out as T;
}
