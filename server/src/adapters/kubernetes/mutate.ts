/** Fresh reads and the four ways to change something. A step is carried out as it is; nothing is decided here. */
import { type ClusterObject, holdsRedacted, type PatchOp, PortError, project, type Ref, type Step, stepRef, type Target } from "@kintsugi/core";
import { ask, exchange, jsonOf } from "./ask.ts";
import { collectionPath, objectPath, type Query } from "./paths.ts";
import { failureOf, type Intent, parseStatus, portError } from "./status.ts";
import type { HttpReply, Transport } from "./transport.ts";

/** Names us in managedFields and in the audit log. */
export const FIELD_MANAGER = "kintsugi";

/** Undefined when there is no such object, or one of another uid than asked for. Throws PortError. */
export async function readObject(transport: Transport, ref: Ref, timeoutMs: number): Promise<ClusterObject | undefined> {
  const reply = await exchange(transport, { method: "GET", path: objectPath(ref), timeoutMs }, "read");
  if (reply.status === 404) return undefined;
  if (reply.status !== 200) throw new PortError(failureOf(parseStatus(reply), "read"));
  const object = project(jsonOf(reply, "read"), ref.kind);
  if (object === undefined) throw portError("unavailable", `what answered the read of ${ref.kind} ${ref.namespace}/${ref.name} is not that object`);
  return ref.uid === undefined || ref.uid === object.metadata.uid ? object : undefined;
}

/** Throws PortError. */
export async function applyStep(transport: Transport, step: Step, dryRun: boolean, timeoutMs: number): Promise<ClusterObject | undefined> {
  const intent: Intent = dryRun ? "dry-run" : "write";
  refuseRedacted(step);
  const reply = await exchange(transport, { ...requestOf(step, dryRun), timeoutMs, write: !dryRun }, intent);
  if (reply.status < 200 || reply.status >= 300) await fail(transport, step, reply, intent, timeoutMs);
  // What a deletion answers with is the object as it was, or none any more: the watch tells which.
  return step.verb === "patch" || step.verb === "create" ? project(jsonOf(reply, intent), stepRef(step).kind) : undefined;
}

/**
 * Secrets are replaced when objects are read, so a step built from a whole template may carry the replacement; writing it would
 * destroy the real value.
 */
function refuseRedacted(step: Step): void {
  const written = step.verb === "patch" ? step.patch.filter((op) => op.op !== "remove") : step.verb === "create" ? step.manifest : undefined;
  if (!holdsRedacted(written)) return;
  throw portError("invalid", "the step holds a redacted value in place of a secret; it must leave that field alone");
}

function requestOf(step: Step, dryRun: boolean) {
  // Also where the body says so already: the audit log keeps the path, and people read there what was meant.
  const dry: Query = { dryRun: dryRun ? "All" : undefined };
  const query: Query = { ...dry, fieldManager: FIELD_MANAGER };
  switch (step.verb) {
    case "patch":
      return {
        method: "PATCH",
        path: objectPath(step.target, query),
        body: withUidTest(step.target, step.patch),
        contentType: "application/json-patch+json",
      } as const;
    case "evict":
      return {
        method: "POST",
        path: objectPath(step.target, dry, "eviction"),
        body: {
          apiVersion: "policy/v1",
          kind: "Eviction",
          metadata: { name: step.target.name, namespace: step.target.namespace },
          deleteOptions: { preconditions: { uid: step.target.uid }, ...(dryRun ? { dryRun: ["All"] } : {}) },
        },
      } as const;
    case "delete":
      return {
        method: "DELETE",
        path: objectPath(step.target, dry),
        body: {
          apiVersion: "v1",
          kind: "DeleteOptions",
          preconditions: { uid: step.target.uid },
          propagationPolicy: "Background",
          ...(dryRun ? { dryRun: ["All"] } : {}),
        },
      } as const;
    case "create":
      return { method: "POST", path: collectionPath(step.ref.kind, step.ref.namespace, query), body: step.manifest } as const;
  }
}

/** A target means one incarnation; the server is told so even where the patch itself does not. */
function withUidTest(target: Target, patch: readonly PatchOp[]): readonly PatchOp[] {
  const tested = patch.some((op) => op.op === "test" && op.path === "/metadata/uid");
  return tested ? patch : [{ op: "test", path: "/metadata/uid", value: target.uid }, ...patch];
}

/**
 * The server answers "conflict" alike for another version and for another object of the same name; only a look tells which, and
 * the two lead to different places.
 */
async function fail(transport: Transport, step: Step, reply: HttpReply, intent: Intent, timeoutMs: number): Promise<never> {
  const failure = failureOf(parseStatus(reply), intent);
  if (failure.kind === "conflict" && step.verb !== "create" && (await isGone(transport, step.target, timeoutMs))) {
    throw portError("gone", `another object carries the name now; ${failure.message}`);
  }
  throw new PortError(failure);
}

async function isGone(transport: Transport, target: Target, timeoutMs: number): Promise<boolean> {
  try {
    return (await readObject(transport, target, timeoutMs)) === undefined;
  } catch {
    return false;
  }
}

/** Longest log read to find the last lines in. */
const MAX_LOG_BYTES = 4 << 20;
const LOG_LINES = 1_000;

/** The last `maxBytes` of a container's log, whole lines, as raw text. Empty when there is no log (yet, or no previous container). Throws PortError. */
export async function readLog(
  transport: Transport,
  pod: Ref,
  container: string,
  options: { previous: boolean; maxBytes: number },
  timeoutMs: number,
): Promise<string> {
  const query = { container, previous: options.previous || undefined, tailLines: LOG_LINES, limitBytes: MAX_LOG_BYTES };
  const request = { method: "GET", path: objectPath(pod, query, "log"), timeoutMs, maxBytes: MAX_LOG_BYTES + 65_536 } as const;
  const reply = await exchange(transport, request, "read");
  // 400: the container has not started, or has no previous one.
  if (reply.status === 400) return "";
  if (reply.status !== 200) throw new PortError(failureOf(parseStatus(reply), "read"));
  return lastLines(reply.body, options.maxBytes);
}

/** The end of a text in at most `maxBytes` of UTF-8, beginning at a line's start where one is in reach. */
export function lastLines(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.length <= maxBytes) return text;
  if (maxBytes <= 0) return "";
  let start = bytes.length - maxBytes;
  // Not in the middle of a character.
  while (start < bytes.length && ((bytes[start] ?? 0) & 0xc0) === 0x80) start++;
  const line = bytes.indexOf(0x0a, start - 1);
  return bytes.subarray(line >= 0 && line + 1 < bytes.length ? line + 1 : start).toString("utf8");
}

/** Events are for people: best effort, never retried. Throws PortError. */
export async function announceOn(
  transport: Transport,
  target: Target,
  event: { type: "Normal" | "Warning"; reason: string; message: string },
  around: { readonly wallNow: number; readonly instance: string; readonly apiVersion: string; readonly timeoutMs: number },
): Promise<void> {
  // Events about cluster-scoped objects live in "default".
  const namespace = target.namespace === "" ? "default" : target.namespace;
  const body = {
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    // Not ending in a dot: events.k8s.io refuses that, although core/v1 Events are named so.
    metadata: { generateName: `${target.name.slice(0, 40).replace(/[.-]+$/, "")}-`, namespace },
    eventTime: new Date(around.wallNow).toISOString().replace("Z", "000Z"),
    reportingController: FIELD_MANAGER,
    reportingInstance: around.instance.slice(0, 128),
    action: event.reason.slice(0, 128),
    reason: event.reason.slice(0, 128),
    type: event.type,
    // The API allows 1 kB.
    note:
      Buffer.from(event.message, "utf8").length > 1000
        ? `${Buffer.from(event.message, "utf8")
            .subarray(0, 990)
            .toString("utf8")
            .replace(/\uFFFD$/, "")}…`
        : event.message,
    regarding: { apiVersion: around.apiVersion, kind: target.kind, namespace: target.namespace, name: target.name, uid: target.uid },
  };
  const path = `/apis/events.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/events`;
  await ask(transport, { method: "POST", path, body, timeoutMs: around.timeoutMs }, "write");
}
