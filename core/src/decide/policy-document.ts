/** Reads a policy as people write it: YAML, checked, with problems that say where, what is wrong and what would be right. */
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument, type YAMLError } from "yaml";
import type { z } from "zod";
import { type Policy, PolicyDocument, policyOf } from "../model/policy.ts";
import { checkPolicy, type KnownIds } from "./policy-checks.ts";
import { fieldsAt, hintAt, meantOrOneOf, type Path } from "./policy-shape.ts";

/** Where, as `spec.rules[2].mode`, what is wrong there, and what would be right. Lines and columns count from 1. */
export interface PolicyProblem {
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: string;
  readonly hint: string;
}

export type ParsedPolicy =
  | { readonly ok: true; readonly policy: Policy; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/** Longer texts are no policies. */
const MAX_LENGTH = 256 * 1024;

export function parsePolicy(text: string, known: KnownIds): ParsedPolicy {
  if (text.length > MAX_LENGTH) return failed([problem(1, 1, "", `the document has ${text.length} characters`, `write at most ${MAX_LENGTH}`)]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) return failed(document.errors.map((error) => syntaxProblem(error, lines)));
  const content = contentOf(document);
  if (content === undefined) return failed([problem(1, 1, "", "the document refers to itself too often", "write the values out instead of using aliases")]);
  if (content.value === null) return failed([problem(1, 1, "", "the document is empty", "begin with apiVersion: kintsugi.dev/v1alpha1 and kind: Policy")]);
  const at = (path: Path, key?: string) => positionOf(document, lines, path, key);
  const parsed = PolicyDocument.safeParse(content.value);
  if (!parsed.success) return failed(parsed.error.issues.flatMap((issue) => issueProblems(issue, content.value, at)).toSorted(byPosition));
  const { problems, warnings } = checkPolicy(parsed.data.spec, known);
  if (problems.length > 0)
    return failed(problems.map(({ path, message, hint }) => ({ ...at(path), path: pathText(path), message, hint })).toSorted(byPosition));
  return { ok: true, policy: policyOf(parsed.data.metadata.name, parsed.data.spec), warnings };
}

function failed(problems: readonly PolicyProblem[]): ParsedPolicy {
  return { ok: false, problems };
}

function problem(line: number, column: number, path: string, message: string, hint: string): PolicyProblem {
  return { line, column, path, message, hint };
}

function byPosition(a: PolicyProblem, b: PolicyProblem): number {
  return a.line - b.line || a.column - b.column;
}

/** Undefined where aliases would blow the document up, or make it hold itself. */
function contentOf(document: Document): { readonly value: unknown } | undefined {
  try {
    const value: unknown = document.toJS();
    JSON.stringify(value);
    return { value };
  } catch {
    return undefined;
  }
}

function syntaxProblem(error: YAMLError, lines: LineCounter): PolicyProblem {
  const { line, col } = lines.linePos(error.pos[0]);
  const hints: Readonly<Record<string, string>> = {
    DUPLICATE_KEY: "write each field once",
    MULTIPLE_DOCS: "write one policy in one document, without ---",
    TAB_AS_INDENT: "indent with spaces",
    BAD_INDENT: "indent what belongs together by the same number of spaces, and close what is opened",
  };
  const message = error.code === "MULTIPLE_DOCS" ? "a second document begins here" : `this is not YAML: ${error.message}`;
  return problem(line, col, "", message, hints[error.code] ?? "check indentation, quotes and colons here");
}

type Where = (path: Path, key?: string) => { readonly line: number; readonly column: number };

function issueProblems(issue: z.core.$ZodIssue, content: unknown, at: Where): readonly PolicyProblem[] {
  const path = issue.path.filter((step) => typeof step !== "symbol");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const hint = meantOrOneOf(key, fieldsAt(path));
      return { ...at(path, key), path: pathText([...path, key]), message: `there is no field ${key} here`, hint };
    });
  }
  const value = valueAt(content, path);
  const message = value === undefined ? `${path.at(-1) ?? "it"} is missing` : `${shown(value)} ${whatIsWrong(issue)}`;
  const hint = issue.code === "custom" && typeof issue.params?.["hint"] === "string" ? issue.params["hint"] : hintAt(path, value);
  return [{ ...at(path), path: pathText(path), message, hint }];
}

/** JSON's types as people call them. */
const TYPES: Readonly<Record<string, string>> = { int: "whole number", string: "text", array: "list", object: "set of fields", record: "set of fields" };

function whatIsWrong(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "too_big":
      return `is more than ${issue.maximum}`;
    case "too_small":
      return issue.origin === "string" ? "is too short" : `is less than ${issue.minimum}`;
    case "custom":
      return issue.message;
    case "invalid_type":
      return `is no ${TYPES[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return "is none of the words that are known here";
    default:
      return "does not fit here";
  }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "it";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function valueAt(content: unknown, path: Path): unknown {
  let value = content;
  for (const step of path) value = typeof value === "object" && value !== null ? (value as Readonly<Record<string | number, unknown>>)[step] : undefined;
  return value;
}

/** Of the key, or of the value at the path, or where that is missing of the nearest thing around it. */
function positionOf(document: Document, lines: LineCounter, path: Path, key?: string): { readonly line: number; readonly column: number } {
  const start = offsetOf(document, path, key);
  const { line, col } = lines.linePos(start ?? 0);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function offsetOf(document: Document, path: Path, key: string | undefined): number | undefined {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (!isNode(node)) continue;
    const pair = isMap(node) && key !== undefined ? node.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
    const here = isScalar(pair?.key) ? pair.key.range : node.range;
    if (here !== null && here !== undefined) return here[0];
  }
  return undefined;
}

/** `spec.rules[0].match` */
function pathText(path: Path): string {
  return path.map((step, index) => (typeof step === "number" ? `[${step}]` : `${index === 0 ? "" : "."}${step}`)).join("");
}
