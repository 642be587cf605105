/** Values that the examples of several routes share: one incident, `inc-17`, from the shop that the demo plays in. */

const AT = Date.parse("2026-01-05T10:00:00Z");
const CART = { kind: "Deployment", namespace: "shop", name: "cart" } as const;

export const EXAMPLE_INCIDENT = {
  id: "inc-17",
  cluster: "production",
  subject: CART,
  title: "Deployment shop/cart has no ready pod",
  severity: "high",
  phase: "open",
  openedAt: AT,
  since: AT - 60_000,
  changedAt: AT,
  mode: "bad-rollout",
  reopened: 0,
  findings: [],
  attempts: [],
  explains: [],
  deadline: AT + 300_000,
} as const;

export const EXAMPLE_RECORD = {
  seq: 42,
  at: AT,
  cluster: "production",
  actor: { type: "engine", name: "kintsugi" },
  policyHash: "3f9a1c20b7de",
  version: "0.1.0",
  epoch: 3,
  body: { type: "incident", incident: EXAMPLE_INCIDENT, from: "-", reason: "opened" },
  previous: "0".repeat(64),
  hash: "5d".repeat(32),
} as const;

export const EXAMPLE_SILENCE = { id: "sil-7c1f09aa", namespace: "shop", by: "ada", why: "migration", from: AT, until: AT + 7_200_000 } as const;

export const EXAMPLE_EXPLANATION = {
  ref: CART,
  observed: true,
  subject: CART,
  findings: [],
  silent: [],
  lines: ["inc-17 is awaiting: Roll shop/cart back to revision 3"],
} as const;

export const EXAMPLE_STATUS = {
  version: "0.1.0",
  cluster: "production",
  now: AT,
  startedAt: AT - 3_600_000,
  lastStepAt: AT - 200,
  authority: { type: "leading", epoch: 3, actFrom: AT - 3_590_000 },
  policy: { name: "default", hash: "3f9a1c20b7de", mode: "suggest" },
  watches: [{ kind: "Pod", health: "live" }],
  synced: true,
  ledger: { id: "6f1d2c3b4a59", seq: 42, epoch: 3 },
} as const;

export const EXAMPLE_NOW = AT;
