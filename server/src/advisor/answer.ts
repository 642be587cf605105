/** What may be kept of an advisor's answer: a bounded plain text, and an order of candidates that it was given. */
import { redactText } from "@kintsugi/core";
import { z } from "zod";
import { cleanText } from "../untrusted.ts";

export interface Advice {
  readonly narrative: string;
  /** Failure modes that it was given, the likeliest first, each at most once. */
  readonly ranking: readonly string[];
  /** Those that it left out. */
  readonly unranked: readonly string[];
  /** What was taken out of its answer, in sentences. */
  readonly notes: readonly string[];
}

export type ReadAdvice = { readonly ok: true; readonly advice: Advice } | { readonly ok: false; readonly why: string };

export const MAX_NARRATIVE = 1_200;

/** More fields than these are an attempt to say more than it was asked: nothing of such an answer is kept. */
const Answer = z.strictObject({ narrative: z.string(), ranking: z.array(z.string()).max(1_000) });

const MARKDOWN_LINK = /!?\[([^\]\n]{0,200})\]\([^)\n]{0,2000}\)/g;
const LINK = /\b(?:[a-z][a-z0-9+.-]{1,20}:\/\/|www\.|(?:mailto|javascript|data|tel):)\S+/gi;
const MARKUP = /<\/?[a-z!][^>\n]{0,500}>|`{1,3}/gi;
/** A line that tells what to run. Not all of them can be known; most that do harm begin so. */
const COMMAND =
  /(?:\b(?:kubectl|oc|sudo|crictl|etcdctl|systemctl)\s+[a-z-]|\bkintsugi\s+(?:approve|deny|undo|propose|close|pause|resume|silence|unsilence|serve|policy)\b|\b(?:curl|wget)\s+(?:-|\S*\/|\[)|\brm\s+-|\b(?:ba|z)?sh\s+-c\b|\|\s*(?:ba|z)?sh\b|\bhelm\s+(?:install|uninstall|delete|rollback)\b)[^\n]*/gi;

/** `modes`: what it may rank. Never throws. */
export function readAnswer(content: string, modes: readonly string[]): ReadAdvice {
  const read = Answer.safeParse(jsonIn(content));
  if (!read.success) return { ok: false, why: `its answer is not the one JSON object that was asked for (${reason(read.error)})` };
  const { narrative, notes } = plainNarrative(read.data.narrative);
  if (narrative === "") return { ok: false, why: "its answer holds no text that can be shown" };
  const known = [...new Set(read.data.ranking)].filter((id) => modes.includes(id));
  if (known.length === 0 && modes.length > 0) return { ok: false, why: "its answer ranks none of the candidates that it was given" };
  const strangers = read.data.ranking.filter((id) => !modes.includes(id)).length;
  const unranked = modes.filter((mode) => !known.includes(mode));
  const more = [
    ...(strangers > 0 ? [`${strangers} candidates that the engine never gave were dropped`] : []),
    ...(unranked.length > 0 ? [`it did not rank ${unranked.join(", ")}`] : []),
  ];
  return { ok: true, advice: { narrative, ranking: known, unranked, notes: [...notes, ...more] } };
}

/** Some servers put JSON into a code block although they were asked not to. */
function jsonIn(content: string): unknown {
  const [, inner = content] = /^\s*```(?:json)?\s*\n([\s\S]*)\n```\s*$/.exec(content) ?? [];
  try {
    return JSON.parse(inner) as unknown;
  } catch {
    return undefined;
  }
}

function plainNarrative(given: string): { readonly narrative: string; readonly notes: readonly string[] } {
  // Long before anything is looked for: patterns are for texts of people, not for megabytes.
  const visible = cleanText(given.slice(0, 4 * MAX_NARRATIVE), Number.POSITIVE_INFINITY);
  const unlinked = visible.replaceAll(MARKDOWN_LINK, "$1 [link removed]").replaceAll(LINK, "[link removed]");
  const unmarked = unlinked.replaceAll(MARKUP, "");
  const plain = unmarked.replaceAll(COMMAND, "[command removed]").replaceAll(/\n{3,}/g, "\n\n");
  const narrative = redactText(plain).trim();
  const notes = [
    ...(unlinked === visible ? [] : ["links were removed"]),
    ...(plain.includes("[command removed]") && !unmarked.includes("[command removed]")
      ? ["commands were removed: what may be done is the engine's plan alone"]
      : []),
    ...(narrative.length > MAX_NARRATIVE || given.length > 4 * MAX_NARRATIVE ? [`its text was cut at ${MAX_NARRATIVE} characters`] : []),
  ];
  return { narrative: narrative.slice(0, MAX_NARRATIVE).trimEnd(), notes };
}

/** Without names that the answer holds. */
function reason({ issues: [issue] }: z.ZodError): string {
  if (issue?.code === "unrecognized_keys") return "it holds more fields than narrative and ranking";
  return issue === undefined || issue.path.length === 0 ? "it is no JSON object" : `its ${String(issue.path[0])} is not as asked`;
}
