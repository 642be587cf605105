/** What the routes over the cluster, its findings and remediations show as examples: the shop of `examples.ts`. */
import { EXAMPLE_INCIDENT, EXAMPLE_NOW, EXAMPLE_RECORD } from "./examples.ts";

const { id, subject, title, severity } = EXAMPLE_INCIDENT;
const HASH = "3f".repeat(32);

const POD = {
  name: "cart-7d9c-x2v4p",
  namespace: "shop",
  status: "ImagePullBackOff",
  phase: "Pending",
  ready: false,
  containersReady: "0/1",
  restarts: 0,
  createdAt: EXAMPLE_NOW,
  node: "worker-1",
  owner: subject,
  labels: { app: "cart" },
  containers: [{ name: "app", image: "registry.example.org/cart:typo", init: false, ready: false, restarts: 0, state: "waiting", reason: "ImagePullBackOff" }],
};

const NODE = {
  name: "worker-1",
  ready: "True",
  roles: ["worker"],
  version: "v1.34.4",
  unschedulable: false,
  createdAt: EXAMPLE_NOW,
  capacity: { cpu: "4", memory: "16Gi" },
  allocatable: { cpu: "3800m", memory: "15Gi" },
  pods: 12,
  conditions: [{ type: "Ready", status: "True", reason: "KubeletReady", message: "kubelet is posting ready status", since: EXAMPLE_NOW }],
  taints: [],
  labels: { "node-role.kubernetes.io/worker": "" },
};

const FINDING = {
  detector: "image-pull",
  subject,
  since: EXAMPLE_NOW,
  summary: "1 pod cannot pull its image",
  members: [],
  count: 1,
  lostShare: 0.5,
  incident: id,
};

const EVIDENCE = { id: "registry-says-not-found", favours: true, text: "the registry says: not found", refs: [] };

const PLAN_PARTS = {
  plan: {
    action: "roll-back",
    mode: "image-not-found",
    target: subject,
    owner: subject,
    summary: "Roll Deployment shop/cart back to revision 3",
    risk: "medium",
    steps: [],
    permissions: ["patch deployments.apps in shop"],
    changesSpec: true,
    fields: ["/spec/template"],
  },
  diff: [{ path: "/spec/template/spec/containers/0/image", before: "registry.example.org/cart:typo", after: "registry.example.org/cart:1.2" }],
  inverse: { type: "exact", steps: [] },
  gates: [{ gate: "policy-mode", answer: "ask", reason: "the policy says suggest" }],
  verdict: "ask",
  planHash: HASH,
} as const;

const REMEDIATION = {
  id: `${id}/1`,
  incident: id,
  number: 1,
  subject,
  target: subject,
  action: "roll-back",
  mode: "image-not-found",
  summary: PLAN_PARTS.plan.summary,
  risk: "medium",
  planHash: HASH,
  outcome: "helped",
  detail: "all pods are ready",
  approvedBy: "ada",
  startedAt: EXAMPLE_NOW,
  endedAt: EXAMPLE_NOW + 90_000,
  verification: { state: "passed", reason: "all pods are ready" },
  undo: { possible: true, how: `kintsugi undo ${id} --why TEXT, or POST /api/v2/incidents/${id}/undo` },
};

const PROPOSAL = {
  incident: id,
  subject,
  phase: "awaiting",
  dryRun: true,
  ...PLAN_PARTS,
  approval: {
    needed: true,
    how: `a person approves it with their own credential: kintsugi approve ${id} --plan ${HASH.slice(0, 12)}`,
    expiresAt: EXAMPLE_NOW + 3_600_000,
  },
  text: "Roll Deployment shop/cart back to revision 3 (risk medium)",
};

const phases = { open: 0, diagnosed: 0, held: 0, awaiting: 1, acting: 0, verifying: 0, undoing: 0, resolved: 4, escalated: 0 };

/** By the last part of the path, or what the route is about. */
export const NOUN_EXAMPLES = {
  cluster: {
    answer: {
      cluster: "production",
      now: EXAMPLE_NOW,
      status: "degraded",
      message: "1 incident above severity low alive",
      nodes: { total: 3, ready: 3, notReady: 0 },
      pods: { total: 40, running: 39, pending: 1, failed: 0, succeeded: 0, unknown: 0 },
      incidents: { live: 1, byPhase: phases, bySeverity: { critical: 0, high: 1, medium: 0, low: 0 } },
      unseen: [],
    },
  },
  pods: {
    query: { namespace: ["shop"], labelSelector: "app=cart", fieldSelector: "status.phase=Pending", limit: 50 },
    answer: { items: [POD], now: EXAMPLE_NOW },
  },
  nodes: { query: { limit: 50 }, answer: { items: [NODE] } },
  findings: { query: { namespace: ["shop"], kind: ["Deployment"] }, answer: { items: [FINDING], now: EXAMPLE_NOW } },
  timeline: { params: { id }, query: { limit: 50 }, answer: { items: [EXAMPLE_RECORD] } },
  diagnosis: {
    params: { id },
    answer: {
      incident: id,
      subject,
      title,
      phase: "open",
      severity,
      since: EXAMPLE_NOW - 60_000,
      at: EXAMPLE_NOW,
      candidates: [
        {
          mode: "image-not-found",
          title: "The image does not exist",
          confidence: { type: "measured", share: 0.99, cases: 312 },
          confidenceText: "right in 99 % of 312 cases with this evidence",
          for: [EVIDENCE],
          against: [],
          runbook: "docs/runbooks/image-not-found.md",
        },
      ],
      changes: [{ ...EVIDENCE, id: "new-revision", text: "revision 4 came 2 min before" }],
      text: "The image does not exist: right in 99 % of 312 cases with this evidence",
    },
  },
  plan: { params: { id }, answer: { incident: id, subject, phase: "awaiting", ...PLAN_PARTS, askedAt: EXAMPLE_NOW, expiresAt: EXAMPLE_NOW + 3_600_000 } },
  propose: { body: { incident: id, dryRun: true }, answer: PROPOSAL },
  remediations: { query: { incident: id, outcome: ["helped"], since: "7d" }, answer: { items: [REMEDIATION] } },
  remediation: { params: { id }, answer: { ...REMEDIATION, plan: PLAN_PARTS.plan, diff: PLAN_PARTS.diff, inverse: PLAN_PARTS.inverse } },
  approvals: {
    query: { limit: 20 },
    answer: {
      items: [
        {
          ...{ incident: id, subject, title, severity, planHash: HASH, summary: PLAN_PARTS.plan.summary, action: "roll-back", risk: "medium" },
          diff: PLAN_PARTS.diff,
          reasons: PLAN_PARTS.gates,
          askedAt: EXAMPLE_NOW,
          expiresAt: EXAMPLE_NOW + 3_600_000,
          approvals: [],
          how: `kintsugi approve ${id} --plan ${HASH.slice(0, 12)}`,
        },
      ],
      now: EXAMPLE_NOW,
    },
  },
  maintenance: {
    answer: {
      items: [{ name: "migration", namespaces: ["shop"], start: EXAMPLE_NOW, end: EXAMPLE_NOW + 7_200_000, state: "active" }],
      now: EXAMPLE_NOW,
    },
  },
  policy: { answer: { name: "default", hash: HASH, spec: { mode: "suggest" } } },
  policyChange: {
    query: { dryRun: "true" },
    body: { apiVersion: "kintsugi.dev/v1alpha1", kind: "Policy", metadata: { name: "default" }, spec: { mode: "observe" } },
    answer: {
      dryRun: true,
      name: "default",
      hash: "5d".repeat(32),
      previous: { name: "default", hash: HASH },
      changes: [{ path: "spec.mode", before: "suggest", after: "observe" }],
      decisions: [],
      warnings: [],
      text: "1 field would change, and 0 live incidents would be decided otherwise",
    },
  },
  signals: { answer: { items: [{ signal: "logs", path: "/api/v2/signals/logs", what: "the last lines of a container, without secrets", available: true }] } },
  object: {
    query: { kind: "Deployment", namespace: "shop", name: "cart" },
    answer: {
      ref: subject,
      object: { kind: "Deployment", metadata: { name: "cart", namespace: "shop" } },
      lines: ["nothing is wrong with it as far as can be seen"],
    },
  },
  events: {
    query: { namespace: ["shop"], kind: "Pod", name: POD.name, type: "Warning" },
    answer: {
      items: [
        {
          about: { kind: "Pod", namespace: "shop", name: POD.name },
          ...{
            type: "Warning",
            reason: "Failed",
            message: "Failed to pull image: not found",
            count: 4,
            source: "kubelet",
            name: "cart.17f",
            namespace: "shop",
          },
          firstAt: EXAMPLE_NOW - 60_000,
          lastAt: EXAMPLE_NOW,
        },
      ],
    },
  },
  logs: {
    query: { namespace: "shop", name: POD.name, container: "app", previous: "false", limit: 4_096 },
    answer: { pod: { kind: "Pod", namespace: "shop", name: POD.name }, container: "app", previous: false, text: "listening on :8080\n", bytes: 19 },
  },
  settings: {
    answer: {
      version: "0.1.0",
      cluster: "production",
      startedAt: EXAMPLE_NOW - 3_600_000,
      acting: { enabled: true, state: "leading", why: "holds the Lease: what the policy permits, or a person approves, is carried out" },
      authentication: { methods: ["kubernetes"], how: "kubectl create token NAME --audience kintsugi makes one" },
      policy: { name: "default", hash: HASH, mode: "suggest" },
      features: [{ feature: "webhook", configured: false, why: "start with `serve --webhook URL` to be told of incidents" }],
    },
  },
  whoami: {
    query: { namespace: ["shop"] },
    answer: {
      name: "ada",
      groups: ["shop-operators"],
      identity: "proven",
      audience: "api",
      rights: [{ resource: "remediations", verb: "approve", everywhere: false, namespaces: ["shop"], never: false }],
      namespaces: ["shop"],
    },
  },
  topology: {
    query: { kind: "Deployment", namespace: "shop", name: "cart", depth: 2 },
    answer: {
      nodes: [
        { id: "Deployment/shop/cart", kind: "Deployment", namespace: "shop", name: "cart", state: "0/1 ready", incident: id },
        { id: "ReplicaSet/shop/cart-7d9c", kind: "ReplicaSet", namespace: "shop", name: "cart-7d9c", state: "0/1 ready" },
      ],
      edges: [{ from: "Deployment/shop/cart", to: "ReplicaSet/shop/cart-7d9c", type: "owns" }],
      truncated: false,
      unseen: [],
    },
  },
} as const;
