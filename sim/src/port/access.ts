/** What an identity may do: everything but what is denied, as cluster roles would say it. */
import type { Permission, Reviewed } from "@kintsugi/core";

/** Absent fields match anything. */
export interface Denial {
  readonly verb?: Permission["verb"];
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
}

export function review(denials: readonly Denial[], permission: Permission): Reviewed {
  const isDenied = denials.some((denial) => Object.entries(denial).every(([field, value]) => permission[field as keyof Permission] === value));
  return isDenied ? "denied" : "allowed";
}
