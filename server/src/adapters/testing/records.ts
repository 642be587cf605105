/** Values for tests of the ledger and of what reads it. */
import type { Incident, Plan, RecordBody, RecordDraft, Ref, Ticket, TicketReport } from "@kintsugi/core";

export const T0 = Date.parse("2026-01-05T10:00:00Z");
export const DAY = 86_400_000;

export const CART: Ref = { kind: "Deployment", namespace: "shop", name: "cart" };

export function draft(body: RecordBody, given: Partial<RecordDraft> = {}): RecordDraft {
  return { at: T0, cluster: "test", actor: { type: "engine", name: "kintsugi" }, policyHash: "p1", version: "0.1.0", epoch: 1, body, ...given };
}

export const PLAN: Plan = {
  action: "roll-back",
  mode: "bad-rollout",
  target: CART,
  owner: CART,
  summary: "Roll shop/cart back to revision 3",
  steps: [{ verb: "patch", target: { ...CART, uid: "u-1" }, patch: [{ op: "test", path: "/metadata/uid", value: "u-1" }] }],
  inverse: { type: "none", why: "for this test" },
  risk: "medium",
  permissions: [{ group: "apps", resource: "deployments", subresource: "", verb: "patch", namespace: "shop", name: "cart" }],
  changesSpec: true,
  fields: ["/spec/template"],
  diff: [{ path: "/spec/template/spec/containers/0/image", before: "shop/cart:broken", after: "shop/cart:1.2" }],
  hash: "a".repeat(64),
};

function base(id: string) {
  return {
    id,
    cluster: "test",
    subject: CART,
    title: "Deployment shop/cart has no ready pod",
    severity: "high" as const,
    openedAt: T0,
    since: T0 - 60_000,
    changedAt: T0,
    findings: [],
    attempts: [],
    explains: [],
    reopened: 0,
  };
}

export function incident(id: string): Incident {
  return { ...base(id), phase: "open", deadline: T0 + 300_000 };
}

export function awaiting(id: string): Incident {
  const decision = { verdict: "ask" as const, gates: [{ gate: "mode", answer: "ask" as const, reason: "policy says suggest" }], at: T0 };
  const proposal = { plan: PLAN, decision, askedAt: T0, expiresAt: T0 + 3_600_000 };
  return { ...base(id), mode: "bad-rollout", phase: "awaiting", proposal, candidate: 0, rereads: 0 };
}

export function resolved(id: string, resolvedAt: number, how: "healed" | "unaided" | "closed" = "healed", detail = "all pods are ready"): Incident {
  return { ...base(id), mode: "bad-rollout", changedAt: resolvedAt, phase: "resolved", resolvedAt, how, detail };
}

export function openIncident(id: string): RecordBody {
  return { type: "incident", incident: incident(id), from: "-", reason: "opened" };
}

export function resolvedIncident(id: string, at: number): RecordBody {
  return { type: "incident", incident: resolved(id, at), from: "verifying", reason: "healed" };
}

/** A decision with what it was made from. */
export function decided(id: string, json: string): RecordBody {
  return { type: "incident", incident: awaiting(id), from: "diagnosed", reason: "proposed", inputs: { json, decisionHash: "d" } };
}

export function act(id: string): RecordBody {
  const step = PLAN.steps[0];
  if (step === undefined) throw new Error("the plan has a step");
  return { type: "act", incident: id, attempt: `${id}/1`, step, index: 0, undo: false, target: CART, owner: CART };
}

export function knownGood(name: string, replicas: number): RecordBody {
  return { type: "known-good", known: { ref: { ...CART, name }, firstSeen: T0, lastSeen: T0, spec: { replicas } } };
}

export function silenced(id: string, until: number): RecordBody {
  return { type: "silenced", silence: { id, namespace: "shop", by: "ada", why: "known", from: T0, until } };
}

export function reported(id: string, given: Partial<TicketReport> = {}): Ticket {
  return {
    ...{ id, purpose: id.startsWith("cwf") ? "coordination" : "report", title: "Checkout is slow", description: "since noon", severity: "high" },
    ...{ namespace: "shop", target: "cart", affected: [], resources: [], labels: {}, incidents: [] },
    ...given,
    ...{ openedAt: T0, changedAt: T0, by: "ada", status: "open" },
  };
}

export function ticket(id: string, status: Ticket["status"]): RecordBody {
  const open = reported(id);
  return { type: "ticket", reason: status, ticket: status === "open" ? open : { ...open, status, closedAt: T0, why: "done" } };
}
