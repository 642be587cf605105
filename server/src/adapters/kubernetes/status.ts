/** Answers of the API server -> failures that the engine understands. */
import { type Failure, type FailureKind, PortError, redactText } from "@kintsugi/core";
import type { HttpReply, NoAnswer } from "./transport.ts";

/** The fields of a `v1.Status` that decide anything. */
export interface Status {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly causes: readonly { readonly reason: string; readonly message: string; readonly field: string }[];
  readonly retryAfterMs: number | undefined;
}

const MAX_MESSAGE = 500;

/** Reads the Status out of an answer; an answer that is none (a proxy's page) keeps its HTTP code alone. */
export function parseStatus(reply: HttpReply): Status {
  let body: unknown;
  try {
    body = JSON.parse(reply.body);
  } catch {
    body = undefined;
  }
  return { ...statusOf(body, reply.status), retryAfterMs: reply.retryAfterMs ?? statusOf(body, reply.status).retryAfterMs };
}

/** The Status in a parsed body or in a watch's ERROR event. */
export function statusOf(value: unknown, httpCode: number): Status {
  const body = fields(value);
  const details = fields(body["details"]);
  const causes = Array.isArray(details["causes"]) ? details["causes"].map(fields) : [];
  const seconds = details["retryAfterSeconds"];
  return {
    code: typeof body["code"] === "number" && body["kind"] === "Status" ? body["code"] : httpCode,
    reason: string(body["reason"]),
    message: string(body["message"]),
    causes: causes.map((cause) => ({ reason: string(cause["reason"]), message: string(cause["message"]), field: string(cause["field"]) })),
    retryAfterMs: typeof seconds === "number" && seconds > 0 ? seconds * 1000 : undefined,
  };
}

/** What the server said, short and without values: Go prints whole structs, with their environment, into messages. */
export function saidBy(status: Status): string {
  const firstLine = status.message.split("\n", 1)[0] ?? "";
  const plain = firstLine.replace(/\b[\w./]+\.\w+\{.*$/s, "(value left out)").replace(/Invalid value: (?:"\{.*|\{.*)$/s, "Invalid value (left out)");
  const said = redactText(plain).slice(0, MAX_MESSAGE - 40);
  return `HTTP ${status.code}${status.reason === "" ? "" : ` ${status.reason}`}${said === "" ? "" : `: ${said}`}`;
}

/** How a request was meant, which decides what a lost answer means. */
export type Intent = "read" | "write" | "dry-run";

export function failureOf(status: Status, intent: Intent): Failure {
  const kind = kindOf(status, intent);
  return { kind, message: saidBy(status), ...(kind === "throttled" && status.retryAfterMs !== undefined ? { retryAfterMs: status.retryAfterMs } : {}) };
}

function kindOf(status: Status, intent: Intent): FailureKind {
  const { code, message } = status;
  // Said before anything is looked at. Tokens expire and are renewed, so it is no word about our rights.
  if (code === 401) return "unavailable";
  // A namespace that is going away forbids creation; it is the object's place that is gone, not our right.
  if (code === 403) return status.causes.some((cause) => cause.reason === "NamespaceTerminating") ? "gone" : "denied";
  if (code === 404 || code === 410) return "gone";
  if (code === 409) return "conflict";
  if (code === 429) return "throttled";
  if (code === 422) return isFailedTest(status) ? "conflict" : "invalid";
  if (code === 503 || (code >= 500 && intent !== "write")) return "unavailable";
  if (code === 500) {
    // Both are said before anything is stored.
    if (message.includes("more than one PodDisruptionBudget")) return "invalid";
    if (message.includes("failed calling webhook")) return "unavailable";
  }
  if (code >= 500) return "uncertain";
  if (code === 408) return intent === "write" ? "uncertain" : "unavailable";
  // 3xx and unreadable successes: something between us and the API server answered.
  return code < 400 ? (intent === "write" ? "uncertain" : "unavailable") : "invalid";
}

/**
 * A JSON Patch that does not apply (a `test` that fails, a path that is not there) is answered with a generic 422 that names no
 * field; a real validation error names the fields in its causes.
 * Source: k8s.io/apiserver/pkg/endpoints/handlers/patch.go, applyJSPatch -> errors.NewGenericServerResponse(422).
 */
function isFailedTest(status: Status): boolean {
  return (
    status.causes.length === 0 &&
    (status.message.startsWith("the server rejected our request due to an error in our request") || status.message.includes("test failed"))
  );
}

/** A lost or never started exchange. */
export function failureOfNoAnswer(error: NoAnswer, intent: Intent): Failure {
  const kind: FailureKind = intent === "write" && error.sent ? "uncertain" : "unavailable";
  return { kind, message: error.message };
}

export function portError(kind: FailureKind, message: string): PortError {
  return new PortError({ kind, message: redactText(message).slice(0, MAX_MESSAGE) });
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {};
}

function string(value: unknown): string {
  return typeof value === "string" ? value : "";
}
