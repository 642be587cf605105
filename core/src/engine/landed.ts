/** Did a step land? Compares a fresh read with what the step would have left behind. */

import { canonicalJson } from "../model/canonical-json.ts";
import type { ClusterObject } from "../model/kube.ts";
import { CREATED_UID, type Step } from "../model/step.ts";

/** landed: its result is there. untouched: the world is as it was before. changed: neither; somebody else was there. */
export type Landed = "landed" | "untouched" | "changed";

export function landed(step: Step, object: ClusterObject | undefined): Landed {
  switch (step.verb) {
    case "create":
      return object === undefined ? "untouched" : "landed";
    case "evict":
    case "delete":
      if (object === undefined || (step.target.uid !== CREATED_UID && object.metadata.uid !== step.target.uid)) return "landed";
      return object.metadata.deletionTimestamp === undefined ? "untouched" : "landed";
    case "patch": {
      if (object === undefined || object.metadata.uid !== step.target.uid) return "changed";
      const done = step.patch.every((op) => {
        if (op.op === "test") return true;
        const there = pointer(object, op.path);
        return op.op === "remove" ? isAbsent(there) : same(there, op.value);
      });
      if (done) return "landed";
      const before = step.patch.every((op) => op.op !== "test" || holds(pointer(object, op.path), op.value));
      return before ? "untouched" : "changed";
    }
  }
}

/** Value at a JSON Pointer (RFC 6901), undefined when there is none. */
export function pointer(object: unknown, path: string): unknown {
  let value = object;
  for (const token of path.split("/").slice(1)) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string, unknown>)[token.replaceAll("~1", "/").replaceAll("~0", "~")];
  }
  return value;
}

/** What the API leaves out reads as false where the model promises a flag. */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === false;
}

/** A `test` of null means absent, as the API server's JSON Patch takes it. */
function holds(value: unknown, tested: unknown): boolean {
  return tested === null ? isAbsent(value ?? undefined) : same(value, tested);
}

function same(a: unknown, b: unknown): boolean {
  return canonicalJson(a ?? null) === canonicalJson(b ?? null);
}
