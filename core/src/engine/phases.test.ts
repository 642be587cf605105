/** The table of incident phases: one row, one test. */
import { describe, expect, test } from "vitest";
import type { IncidentIn } from "../model/incident.ts";
import { acting, broken, brokenCart, CART, cure, failed, GOOD, restarted, undoneByAda, verifying, watchPods, wellCart } from "../testing/cart-story.ts";
import { ACT, EngineBench, policy } from "../testing/engine-bench.ts";
import { namespaceObject, node } from "../testing/more-objects.ts";
import { container, deployment, pod, replicaSet, running, stamp, template, waiting } from "../testing/objects.ts";

describe("from nothing", () => {
  test("a finding that nothing explains opens an incident, records it and tells people", () => {
    const bench = broken();
    expect(bench.records().map((record) => (record.body.type === "incident" ? record.body.incident.phase : record.body.type))).toContain("open");
    expect(bench.effects.some((effect) => effect.type === "notify" && effect.notice.phase === "open")).toBe(true);
  });

  test("a second finding of the same subject opens no second incident", () => {
    expect(broken().state.incidents.size).toBe(1);
  });
});

describe("open", () => {
  test("a diagnosis that may be asked about makes it diagnosed", () => {
    const bench = broken();
    expect(bench.phase(CART)).toBe("diagnosed");
    expect(bench.incident(CART).mode).toBe("image-not-found");
  });

  test("without a diagnosis by its deadline it is escalated with the evidence", () => {
    const bench = new EngineBench(ACT);
    const cart = deployment("cart", { spec: { template: GOOD }, status: { availableReplicas: 1, readyReplicas: 1 } });
    const rs = replicaSet(cart, 1, { ready: 1 });
    const stuck = pod("cart-1-b", {
      ownedBy: rs,
      phase: "Pending",
      statuses: [waiting("ImagePullBackOff", "failed to authorize: 401 unauthorized")],
      readySince: 1,
    });
    bench.see(namespaceObject("shop"), node(), cart, rs, pod("cart-1-a", { ownedBy: rs }), stuck);
    bench.pass(900);
    expect(bench.phase(CART)).toBe("escalated");
    expect((bench.incident(CART) as IncidentIn<"escalated">).waitsFor).toContain("docs/runbooks/");
  });
});

describe("diagnosed", () => {
  test("facts are asked for before anything is decided", () => {
    const bench = broken();
    expect(bench.last("preflight").permissions.length).toBeGreaterThan(0);
    expect(bench.effects.some((effect) => effect.type === "apply")).toBe(false);
  });

  test("when the facts cannot be had it is held and asks again later, not at once", () => {
    const bench = broken();
    const asked = () => bench.effects.filter((effect) => effect.type === "preflight").length;
    bench.step({ type: "outcome", effect: bench.last("preflight").id, outcome: failed("unavailable") });
    expect(bench.phase(CART)).toBe("held");
    expect(asked()).toBe(1);
    bench.pass(11);
    expect(asked()).toBe(2);
  });

  test("what a gate blocks is held with every reason and a time to look again", () => {
    const bench = broken();
    bench.facts({ permissions: bench.last("preflight").permissions.map((permission) => ({ permission, answer: "denied" })) });
    const incident = bench.incident(CART);
    expect(incident.phase).toBe("held");
    if (incident.phase !== "held") return;
    expect(incident.why).toContain("permissions");
    expect(incident.decision?.gates.length).toBeGreaterThan(20);
    expect(incident.wakeAt).toBeGreaterThan(bench.now);
  });

  test("what policy wants asked is awaited", () => {
    const bench = broken(policy());
    bench.facts();
    expect(bench.phase(CART)).toBe("awaiting");
  });

  test("what policy allows is acted on: the record first, then the step", () => {
    const bench = acting();
    const types = bench.effects.map((effect) => (effect.type === "record" ? `record ${effect.body.type}` : effect.type));
    expect(types.lastIndexOf("record act")).toBeGreaterThan(types.lastIndexOf("preflight"));
    expect(types.indexOf("apply")).toBeGreaterThan(types.lastIndexOf("record act"));
  });
});

describe("held", () => {
  test("it is silent while the reasons stay the same, and goes on when they change", () => {
    const bench = broken();
    bench.command({ type: "pause", why: "lunch" });
    bench.facts();
    expect(bench.phase(CART)).toBe("held");
    const before = bench.records().length;
    bench.pass(300);
    expect(bench.records().length).toBe(before);
    bench.command({ type: "resume", why: "back" });
    bench.facts();
    expect(bench.phase(CART)).toBe("acting");
  });

  test("once the Lease is ours the dry run that was left out is asked for at once", () => {
    const bench = broken();
    const waiting = { type: "authority", authority: { type: "waiting", reason: "another holds the Lease" } } as const;
    bench.step(waiting);
    bench.facts({ dryRun: { answer: "not-asked", reason: "" } });
    expect(bench.phase(CART)).toBe("held");
    bench.lead();
    expect(bench.last("preflight")).toMatchObject({ dryRun: true });
    bench.facts();
    expect(bench.phase(CART)).toBe("acting");
  });

  test("a dry run that was left out for want of a permission is not asked for again and again", () => {
    const bench = broken();
    const permissions = bench.last("preflight").permissions.map((permission) => ({ permission, answer: "denied" as const }));
    bench.facts({ permissions, dryRun: { answer: "not-asked", reason: "" } });
    const asked = bench.last("preflight").id;
    bench.see(...brokenCart());
    expect(bench.phase(CART)).toBe("held");
    expect(bench.last("preflight").id).toBe(asked);
  });
});

describe("awaiting", () => {
  const asked = () => {
    const bench = broken(policy());
    bench.facts();
    return bench;
  };
  const hashOf = (bench: EngineBench) => (bench.incident(CART) as IncidentIn<"awaiting">).proposal.plan.hash;

  test("approved, it is decided again on fresh facts and then acts, with who approved", () => {
    const bench = asked();
    expect(bench.command({ type: "approve", incident: "inc-1", planHash: hashOf(bench) }).ok).toBe(true);
    expect(bench.phase(CART)).toBe("diagnosed");
    bench.facts();
    expect(bench.phase(CART)).toBe("acting");
    expect(bench.incident(CART).attempts.at(-1)?.approvedBy).toBe("ada");
  });

  test("an approval of another plan is refused and says so", () => {
    const reply = asked().command({ type: "approve", incident: "inc-1", planHash: "0".repeat(64) });
    expect(reply).toMatchObject({ ok: false, code: "conflict" });
  });

  test("denied, it is held for the veto time", () => {
    const bench = asked();
    bench.command({ type: "deny", incident: "inc-1", why: "not now" });
    const incident = bench.incident(CART);
    expect(incident.phase === "held" && incident.wakeAt).toBe(bench.now + 24 * 3_600_000);
    bench.pass(3_600);
    expect(bench.phase(CART)).toBe("held");
  });

  test("expired, it is held and can be proposed again", () => {
    const bench = asked();
    bench.pass(3_700);
    expect(bench.phase(CART)).toBe("held");
    bench.command({ type: "propose", incident: "inc-1" });
    bench.facts();
    expect(bench.phase(CART)).toBe("awaiting");
  });

  test("when the plan would be another one now it is proposed anew", () => {
    const bench = asked();
    const before = hashOf(bench);
    const cart = brokenCart()[0];
    if (cart?.kind === "Deployment") bench.see({ ...cart, metadata: { ...cart.metadata, generation: 3 } });
    bench.facts();
    expect(bench.phase(CART)).toBe("awaiting");
    expect(hashOf(bench)).not.toBe(before);
  });
});

describe("acting", () => {
  test("applied, it is verified", () => {
    expect(verifying().phase(CART)).toBe("verifying");
  });

  test("a conflict is the same attempt again from fresh state, five times at most", () => {
    const bench = acting();
    for (let reread = 0; reread < 5; reread += 1) {
      bench.outcome(failed("conflict"));
      expect(bench.phase(CART)).toBe("diagnosed");
      bench.facts();
      expect(bench.phase(CART)).toBe("acting");
    }
    bench.outcome(failed("conflict"));
    expect(bench.phase(CART)).toBe("escalated");
  });

  test("throttled, it is held until the server's time and then tried again", () => {
    const bench = acting();
    bench.outcome(failed("throttled", { retryAfterMs: 30_000 }));
    expect(bench.phase(CART)).toBe("held");
    bench.pass(31);
    bench.facts();
    expect(bench.phase(CART)).toBe("acting");
  });

  test("without an answer it looks whether the step landed: it did", () => {
    const bench = acting();
    bench.outcome(failed("uncertain"));
    expect(bench.phase(CART)).toBe("acting");
    const [, , cart] = wellCart(3);
    bench.outcome({ type: "looked", ...(cart === undefined ? {} : { object: cart }) }, "look");
    expect(bench.phase(CART)).toBe("verifying");
  });

  test("without an answer it looks whether the step landed: it did not, so it is sent again from fresh state", () => {
    const bench = acting();
    bench.outcome(failed("uncertain"));
    const [cart] = brokenCart();
    bench.outcome({ type: "looked", ...(cart === undefined ? {} : { object: cart }) }, "look");
    bench.facts();
    expect(bench.phase(CART)).toBe("acting");
    expect(bench.effects.filter((effect) => effect.type === "apply")).toHaveLength(2);
  });

  test("gone, it is open again", () => {
    const bench = acting();
    bench.outcome(failed("gone"));
    expect(bench.records().some((record) => record.body.type === "incident" && record.body.from === "acting" && record.body.incident.phase === "open")).toBe(
      true,
    );
  });

  test.each(["denied", "invalid"] as const)("%s, it is escalated", (kind) => {
    const bench = acting();
    bench.outcome(failed(kind));
    expect(bench.phase(CART)).toBe("escalated");
  });
});

describe("verifying", () => {
  test("the success test held for its window: resolved, healed", () => {
    const bench = verifying();
    cure(bench);
    bench.pass(600);
    const incident = bench.incident(CART);
    expect(incident.phase === "resolved" && incident.how).toBe("healed");
  });

  test("the success test did not hold: undone, and the attempt is kept", () => {
    const bench = verifying();
    bench.pass(3_000);
    expect(bench.phase(CART)).toBe("undoing");
    expect(bench.incident(CART).attempts.at(-1)?.outcome).toBe("did-not-help");
  });

  test("a view that cannot be trusted proves nothing, neither that it helped nor that it did not", () => {
    const bench = verifying();
    cure(bench);
    watchPods(bench, "stale");
    bench.pass(3_600);
    expect(bench.phase(CART)).toBe("verifying");
    watchPods(bench, "live");
    bench.pass(600);
    expect(bench.incident(CART)).toMatchObject({ phase: "resolved", how: "healed" });
  });

  test("a person's undo takes it back", () => {
    const bench = verifying();
    expect(bench.command({ type: "undo", incident: "inc-1", why: "it was me" }).ok).toBe(true);
    expect(bench.phase(CART)).toBe("undoing");
  });
});

describe("undoing", () => {
  test("restored without a person: diagnosed again, and with nothing else to try a person takes over", () => {
    const bench = verifying();
    bench.pass(3_000);
    bench.outcome({ type: "applied" });
    const phases = bench.records().flatMap(({ body }) => (body.type === "incident" ? [body.incident.phase] : []));
    expect(phases.slice(-3)).toEqual(["undoing", "diagnosed", "escalated"]);
    expect(bench.incident(CART)).toMatchObject({ why: "everything that could help was tried", attempts: [{ outcome: "undone" }] });
  });

  test("restored on a person's word: resolved, and the owner is left alone for the veto time", () => {
    const bench = undoneByAda();
    expect(bench.records().some((record) => record.body.type === "vetoed")).toBe(true);
    expect(
      bench.records().some((record) => record.body.type === "incident" && record.body.incident.phase === "resolved" && record.body.incident.how === "undone"),
    ).toBe(true);
  });

  test("somebody changed the field since: it is left as it is, and escalated saying so", () => {
    const bench = verifying();
    bench.command({ type: "undo", incident: "inc-1", why: "it was me" });
    bench.outcome(failed("conflict"));
    const [, , cart] = wellCart(9);
    const other = template({ labels: { app: "cart" }, containers: [container({ image: "registry.test/cart:by-hand" })] });
    if (cart?.kind === "Deployment") bench.outcome({ type: "looked", object: { ...cart, spec: { ...cart.spec, template: other } } }, "look");
    const incident = bench.incident(CART);
    expect(incident.phase === "escalated" && incident.why).toContain("left as it is");
  });

  test("what healed long ago is not undone while another incident is alive on the same subject: that one is named, and stays alive", () => {
    const bench = verifying();
    cure(bench);
    bench.pass(600 + 3_600);
    bench.see(...brokenCart());
    bench.pass(120);
    const live = bench.incident(CART).id;
    expect(live).toBe("inc-2");
    const reply = bench.command({ type: "undo", incident: "inc-1", why: "it was me" });
    expect(reply).toMatchObject({ ok: false, code: "conflict" });
    expect(reply.text).toContain("inc-2");
    expect(bench.incident(CART).id).toBe("inc-2");
    expect(bench.state.incidents.get("inc-1")?.phase).toBe("resolved");
  });

  test("what healed long ago is undone on a person's word when nothing else is in the way", () => {
    const bench = verifying();
    cure(bench);
    bench.pass(600 + 3_600);
    expect(bench.command({ type: "undo", incident: "inc-1", why: "it was me" }).ok).toBe(true);
    expect(bench.phase(CART)).toBe("undoing");
  });
});

describe("without our doing", () => {
  test.each(["awaiting", "held", "escalated"] as const)("%s and healthy through the stable window is resolved, unaided", (phase) => {
    const bench = broken(policy());
    if (phase === "escalated") {
      bench.step({ type: "policy", policy: policy({ rules: [{ name: "act", mode: "act" }], limits: { attemptsPerTarget: 0 } }) });
      bench.facts();
    } else bench.facts(phase === "held" ? { permissions: bench.last("preflight").permissions.map((permission) => ({ permission, answer: "denied" })) } : {});
    expect(bench.phase(CART)).toBe(phase);
    cure(bench);
    bench.pass(400);
    const incident = bench.incident(CART);
    expect(incident.phase === "resolved" && incident.how).toBe("unaided");
  });

  test("what comes back within half an hour is the same incident, its attempts kept", () => {
    const bench = verifying();
    cure(bench);
    bench.pass(600);
    expect(bench.phase(CART)).toBe("resolved");
    bench.see(...brokenCart());
    bench.pass(120);
    const incident = bench.incident(CART);
    expect(incident.id).toBe("inc-1");
    expect(incident.reopened).toBe(1);
    expect(incident.attempts).toHaveLength(1);
  });

  test("what helped the first time is tried again when the trouble is back", () => {
    const bench = verifying();
    cure(bench);
    bench.pass(1_500);
    expect(bench.phase(CART)).toBe("resolved");
    bench.see(...brokenCart());
    bench.pass(120);
    bench.facts();
    expect(bench.incident(CART)).toMatchObject({ id: "inc-1", phase: "acting", attempts: [{ outcome: "helped" }, { outcome: "running" }] });
  });

  test("another trouble of the same owner within half an hour is another incident", () => {
    const bench = verifying();
    cure(bench);
    bench.pass(600);
    const [, , cart, rs] = wellCart(3);
    if (cart?.kind !== "Deployment" || rs === undefined) throw new Error("no cart");
    const sick = pod("cart-1-b", { ownedBy: rs, statuses: [running({ ready: false })], readySince: 1_130 });
    bench.see({ ...cart, status: { ...cart.status, readyReplicas: 1, availableReplicas: 1 } }, sick);
    bench.pass(200);
    expect(bench.incident(CART)).toMatchObject({ id: "inc-2", reopened: 0, attempts: [], findings: [{ detector: "pod-not-ready" }] });
  });

  test("an incident that another one explains, since it began first, is merged into it", () => {
    const bench = new EngineBench(policy());
    const cart = deployment("cart", { spec: { template: GOOD }, status: { availableReplicas: 1, readyReplicas: 1 } });
    const rs = replicaSet(cart, 1, { ready: 1 });
    const sick = pod("cart-1-b", { ownedBy: rs, statuses: [running({ ready: false })], spec: { nodeName: "worker-2" }, readySince: 140 });
    bench.see(namespaceObject("shop"), node(), node("worker-2"), node("worker-3"), node("worker-4"), cart, rs, pod("cart-1-a", { ownedBy: rs }), sick);
    bench.pass(240);
    expect(bench.phase(CART)).not.toBe("resolved");
    const dead = node("worker-2");
    const lost = {
      ...dead,
      status: {
        ...dead.status,
        conditions: [
          { type: "Ready", status: "Unknown", reason: "NodeStatusUnknown", message: "Kubelet stopped posting node status.", lastTransitionTime: stamp(150) },
        ],
      },
    };
    bench.see(lost);
    bench.pass(60);
    const incident = bench.incident(CART);
    expect(incident.phase === "resolved" && incident.how).toBe("merged");
  });
});

describe("people", () => {
  test("closed, it stays closed while the same trouble lasts", () => {
    const bench = broken(policy());
    bench.facts();
    bench.command({ type: "close", incident: "inc-1", why: "known" });
    bench.pass(600);
    expect(bench.state.bySubject.size).toBe(0);
  });

  test("silenced, it is held and says who silenced it", () => {
    const bench = broken(ACT);
    bench.command({ type: "silence", id: "s1", namespace: "shop", durationMs: 3_600_000, why: "game day" });
    bench.facts();
    const incident = bench.incident(CART);
    expect(incident.phase === "held" && incident.why).toContain("ada");
  });

  test("silenced while it is open or escalated, it is held as soon as anything could be done", () => {
    const bench = new EngineBench(policy({ rules: [{ name: "act", mode: "act" }], limits: { attemptsPerTarget: 0 } }));
    bench.see(...wellCart());
    bench.pass(400);
    bench.lead();
    bench.see(...brokenCart());
    bench.command({ type: "silence", id: "s1", namespace: "shop", durationMs: 3_600_000, why: "game day" });
    bench.pass(120);
    expect(bench.phase(CART)).toBe("escalated");
    bench.step({ type: "policy", policy: ACT });
    bench.command({ type: "propose", incident: "inc-1" });
    bench.facts();
    const incident = bench.incident(CART);
    expect(incident.phase === "held" && incident.why).toContain("silence s1 by ada");
    bench.pass(3_700);
    bench.facts();
    expect(bench.phase(CART)).toBe("acting");
  });

  test("without --act an approval is refused: acting is off", () => {
    const bench = new EngineBench(policy());
    bench.see(...wellCart());
    bench.pass(400);
    bench.see(...brokenCart());
    bench.pass(120);
    bench.facts();
    expect(bench.phase(CART)).toBe("awaiting");
    const { proposal } = bench.incident(CART) as IncidentIn<"awaiting">;
    const reply = bench.command({ type: "approve", incident: "inc-1", planHash: proposal.plan.hash });
    expect(reply).toMatchObject({ ok: false, code: "forbidden" });
    expect(reply.text).toContain("acting is off");
  });

  test.each(["approve", "deny", "undo", "propose", "close"] as const)("%s of an incident that does not exist is answered", (type) => {
    const reply = new EngineBench().command({ type, incident: "inc-9", planHash: "x", why: "y" });
    expect(reply).toMatchObject({ ok: false, code: "not-found" });
  });
});

describe("a restart", () => {
  test("a good act outlives it, however long it took: nothing is judged before the cluster was seen for the whole window", () => {
    const before = verifying();
    const after = restarted(before, 3_600);
    expect(after.phase(CART)).toBe("verifying");
    after.lead();
    after.see(...wellCart(3));
    after.live();
    after.pass(600);
    expect(after.incident(CART)).toMatchObject({ phase: "resolved", how: "healed" });
    expect(after.effects.some((effect) => effect.type === "apply")).toBe(false);
  });

  test("a proposal survives it: nothing is decided before the cluster can be seen again", () => {
    const before = broken(policy());
    before.facts();
    const after = restarted(before, 20, policy());
    after.pass(60);
    expect(after.phase(CART)).toBe("awaiting");
    after.see(...wellCart(), ...brokenCart());
    after.live();
    expect(after.phase(CART)).toBe("awaiting");
    after.lead();
    const { proposal } = after.incident(CART) as IncidentIn<"awaiting">;
    expect(after.command({ type: "approve", incident: "inc-1", planHash: proposal.plan.hash }).ok).toBe(true);
  });
});
