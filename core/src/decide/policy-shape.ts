/** What would be right at a place of the policy document, in words, read off its schema. */
import { z } from "zod";
import { PolicyDocument } from "../model/policy.ts";
import { closest } from "./closest.ts";

export type Path = readonly (string | number)[];

interface Shape {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly additionalProperties?: Shape | boolean;
}

let root: Shape | undefined;

/** The schema at a path; undefined where the path leads nowhere. */
function shapeAt(path: Path): Shape | undefined {
  root ??= z.toJSONSchema(PolicyDocument, { io: "input" }) as Shape;
  let shape: Shape | undefined = root;
  for (const step of path) {
    if (typeof step === "number") shape = shape?.items;
    else shape = shape?.properties?.[step] ?? (typeof shape?.additionalProperties === "object" ? shape.additionalProperties : undefined);
  }
  return shape;
}

/** Names of the fields that an object at this path may have. */
export function fieldsAt(path: Path): readonly string[] {
  return Object.keys(shapeAt(path)?.properties ?? {});
}

/** One sentence that says what to write at this path. */
export function hintAt(path: Path, value: unknown): string {
  const shape = shapeAt(path);
  if (shape === undefined) return "see the page on policies";
  if (shape.enum !== undefined) return meantOrOneOf(value, shape.enum.map(String));
  if (shape.const !== undefined) return `write ${String(shape.const)}`;
  switch (shape.type) {
    case "string":
      if (shape.format === "date-time") return "write a time with its zone, for example 2026-05-01T20:00:00Z";
      return shape.pattern === undefined ? "write a text" : "write a duration, for example 30s, 10m or 1h30m";
    case "integer":
    case "number":
      return `write a ${shape.type === "integer" ? "whole number" : "number"}${rangeText(shape)}`;
    case "boolean":
      return "write true or false";
    case "array":
      return "write a list, each item after a dash";
    case "object":
      return shape.properties === undefined ? "write fields as name: text" : fieldsText(Object.keys(shape.properties));
    default:
      return "see the page on policies";
  }
}

export function meantOrOneOf(value: unknown, known: readonly string[]): string {
  const meant = typeof value === "string" ? closest(value, known) : undefined;
  return meant === undefined ? `write one of ${known.join(", ")}` : `did you mean ${meant}?`;
}

function fieldsText(names: readonly string[]): string {
  return names.length === 1 ? `write the field ${names.join()}` : `write the fields ${names.join(", ")} as you need them`;
}

function rangeText({ minimum, maximum }: Shape): string {
  // JSON Schema bounds whole numbers by what a double can hold exactly; nobody wants to read that.
  const max = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (minimum !== undefined && max !== undefined) return ` from ${minimum} to ${max}`;
  if (minimum !== undefined) return `, ${minimum} or more`;
  return max === undefined ? "" : `, at most ${max}`;
}
