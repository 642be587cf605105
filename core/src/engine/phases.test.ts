/** The table of incident phases: one row, one test. */
import { describe, expect, test } from "vitest";
import type { IncidentIn } from "../model/incident.ts";
import { acting, broken, brokenCart, CART, cure, failed, GOOD, restarted, verifying, watchPods, wellCart } from "../testing/bad-image.ts";
import { ACT, EngineBench, policy } from "../testing/engine-bench.ts";
import { namespaceObject, node } from "../testing/more-objects.ts";
import { container, deployment, pod, ref, replicaSet, running, stamp, template, waiting } from "../testing/objects.ts";

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

  test("however often it is throttled it is one attempt, and counts once it is carried out, over a restart too", () => {
    const bench = acting();
    for (let tries = 0; tries < 14; tries += 1) {
      bench.outcome(failed("throttled", { retryAfterMs: 1_000 }));
      expect(bench.state.acts).toHaveLength(0);
      bench.pass(2);
      bench.facts();
    }
    expect(bench.incident(CART)).toMatchObject({ phase: "acting", attempts: [{ id: "inc-1/1", outcome: "running" }] });
    bench.outcome({ type: "applied" });
    expect(bench.state.acts).toHaveLength(1);
    expect(restarted(bench, 1).state.acts).toHaveLength(1);
    bench.pass(3_000);
    bench.outcome({ type: "applied" });
    expect(bench.incident(CART).attempts).toMatchObject([{ id: "inc-1/1", outcome: "undone" }]);
  });

  test.each([
    ["throttled", failed("throttled", { retryAfterMs: 5_000 })],
    ["met by a conflict", failed("conflict")],
    ["fenced", { type: "fenced", reason: "the Lease ran out" } as const],
  ])("what a person approved stays approved when it is %s and the plan stays the same", (_, outcome) => {
    const bench = broken(policy());
    bench.facts();
    const { proposal } = bench.incident(CART) as IncidentIn<"awaiting">;
    bench.command({ type: "approve", incident: "inc-1", planHash: proposal.plan.hash });
    bench.facts();
    expect(bench.phase(CART)).toBe("acting");
    bench.outcome(outcome);
    bench.pass(6);
    bench.facts();
    expect(bench.incident(CART)).toMatchObject({ phase: "acting", plan: { hash: proposal.plan.hash }, attempts: [{ approvedBy: "ada" }] });
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

  test.each(["unavailable", "throttled", "uncertain", "denied", "invalid", "conflict"] as const)(
    "when the look is %s it goes on looking: what may have landed is neither written off nor done again",
    (kind) => {
      const bench = acting();
      bench.outcome(failed("uncertain"));
      for (let tries = 0; tries < 6; tries += 1) {
        bench.outcome(failed(kind), "look");
        expect(bench.incident(CART)).toMatchObject({ phase: "acting", attempts: [{ outcome: "running" }] });
        const looks = bench.effects.filter((effect) => effect.type === "look").length;
        bench.pass(11);
        expect(bench.effects.filter((effect) => effect.type === "look").length).toBe(looks + 1);
      }
      expect(bench.state.acts).toHaveLength(1);
      const [, , cart] = wellCart(3);
      bench.outcome({ type: "looked", ...(cart === undefined ? {} : { object: cart }) }, "look");
      expect(bench.phase(CART)).toBe("verifying");
      expect(bench.effects.filter((effect) => effect.type === "apply")).toHaveLength(1);
    },
  );

  test("somebody else changed the object meanwhile: it may have landed, so it counts, and it is planned again from fresh state", () => {
    const bench = acting();
    bench.outcome(failed("uncertain"));
    const [cart] = brokenCart();
    const byHand = template({ labels: { app: "cart" }, containers: [container({ image: "registry.test/cart:by-hand" })] });
    if (cart?.kind === "Deployment") bench.outcome({ type: "looked", object: { ...cart, spec: { ...cart.spec, template: byHand } } }, "look");
    expect(bench.phase(CART)).toBe("diagnosed");
    expect(bench.incident(CART).attempts.at(-1)?.outcome).toBe("unknown");
    expect(bench.state.acts).toHaveLength(1);
  });

  test("without an answer it looks, and the object is gone: open again", () => {
    const bench = acting();
    bench.outcome(failed("uncertain"));
    bench.outcome({ type: "looked" }, "look");
    expect(bench.records().some(({ body }) => body.type === "incident" && body.from === "acting" && body.incident.phase === "open")).toBe(true);
    expect(bench.incident(CART).attempts.at(-1)?.outcome).toBe("unknown");
  });

  const stopped = (outcome: Parameters<EngineBench["outcome"]>[0]) => {
    const bench = acting();
    expect(bench.command({ type: "undo", incident: "inc-1", why: "not now" }).ok).toBe(true);
    expect(bench.phase(CART)).toBe("acting");
    bench.outcome(outcome);
    return bench;
  };

  test("a person's undo waits until it is known what was carried out, and then takes it back", () => {
    const bench = stopped({ type: "applied" });
    expect(bench.incident(CART)).toMatchObject({ phase: "undoing", by: "ada" });
    bench.outcome({ type: "applied" });
    expect(bench.incident(CART)).toMatchObject({ phase: "resolved", how: "undone" });
  });

  test.each(["throttled", "conflict", "denied", "gone"] as const)(
    "a person's undo of a step that was %s has nothing to take back, and is a person's no all the same",
    (kind) => {
      const bench = stopped(failed(kind));
      const undone = bench.records().find(({ body }) => body.type === "incident" && body.incident.phase === "resolved")?.body;
      expect(undone).toMatchObject({ incident: { how: "undone", detail: expect.stringContaining("nothing was carried out") } });
      expect(bench.records().some(({ body }) => body.type === "vetoed")).toBe(true);
      expect(bench.effects.filter((effect) => effect.type === "apply")).toHaveLength(1);
      expect(bench.state.acts).toHaveLength(0);
    },
  );

  test("a person's undo outlives a restart in the middle of the act", () => {
    const before = acting();
    before.command({ type: "undo", incident: "inc-1", why: "not now" });
    const after = restarted(before, 5);
    after.lead();
    const [, , cart] = wellCart(3);
    after.outcome({ type: "looked", ...(cart === undefined ? {} : { object: cart }) }, "look");
    expect(after.incident(CART)).toMatchObject({ phase: "undoing", by: "ada" });
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

  test("after an outage beyond its deadline it is seen for as long as it must hold before it is judged", () => {
    const bench = verifying();
    watchPods(bench, "stale");
    bench.pass(3_600);
    watchPods(bench, "live");
    const { holdMs } = bench.incident(CART) as IncidentIn<"verifying">;
    bench.pass(holdMs / 1_000 - 1);
    expect(bench.phase(CART)).toBe("verifying");
    bench.pass(2);
    expect(bench.phase(CART)).toBe("undoing");
  });

  test("what can be seen no more although every watch is live goes to a person, and is left as it is", () => {
    const bench = verifying();
    bench.gone(CART, ref("ReplicaSet", "cart-1"), ref("ReplicaSet", "cart-2"), ref("Pod", "cart-2-a"), ref("Pod", "cart-1-a"), ref("Pod", "cart-1-b"));
    bench.pass(3_000);
    const escalated = bench.records().find(({ body }) => body.type === "incident" && body.incident.phase === "escalated")?.body;
    expect(escalated).toMatchObject({ reason: expect.stringContaining("does not exist") });
    expect(bench.incident(CART).attempts.at(-1)?.outcome).toBe("unknown");
    expect(bench.effects.filter((effect) => effect.type === "apply")).toHaveLength(1);
  });

  test("closed by a person it is not judged any more, and can still be undone", () => {
    const bench = verifying();
    const reply = bench.command({ type: "close", incident: "inc-1", why: "we look after it" });
    expect(reply.text).toContain("kintsugi undo inc-1");
    expect(bench.incident(CART)).toMatchObject({ phase: "resolved", how: "closed", attempts: [{ outcome: "unknown" }] });
    bench.pass(60);
    expect(bench.command({ type: "undo", incident: "inc-1", why: "it was better before" }).ok).toBe(true);
    bench.outcome({ type: "applied" });
    expect(bench.incident(CART)).toMatchObject({ phase: "resolved", how: "undone" });
  });

  test("silenced it is seen to its end, and taken back where it did not help: only new acts are held", () => {
    const bench = verifying();
    bench.command({ type: "silence", id: "s1", namespace: "shop", durationMs: 3 * 3_600_000, why: "game day" });
    bench.pass(3_000);
    expect(bench.phase(CART)).toBe("undoing");
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
    const bench = verifying();
    bench.command({ type: "undo", incident: "inc-1", why: "it was me" });
    bench.outcome({ type: "applied" });
    expect(bench.records().some((record) => record.body.type === "vetoed")).toBe(true);
    expect(
      bench.records().some((record) => record.body.type === "incident" && record.body.incident.phase === "resolved" && record.body.incident.how === "undone"),
    ).toBe(true);
  });

  const sent = (bench: EngineBench) => bench.effects.filter((effect) => effect.type === "apply").length;

  test.each(["unavailable", "throttled"] as const)("%s, it is sent again after a pause", (kind) => {
    const bench = verifying();
    bench.command({ type: "undo", incident: "inc-1", why: "it was me" });
    bench.outcome(failed(kind, { retryAfterMs: 30_000 }));
    bench.pass(29);
    expect(sent(bench)).toBe(2);
    bench.pass(2);
    expect(sent(bench)).toBe(3);
    bench.outcome({ type: "applied" });
    expect(bench.incident(CART)).toMatchObject({ phase: "resolved", how: "undone" });
  });

  test("no answer, and none to the look either: it goes on looking, with a pause between", () => {
    const bench = verifying();
    bench.command({ type: "undo", incident: "inc-1", why: "it was me" });
    bench.outcome(failed("uncertain"));
    const looks = () => bench.effects.filter((effect) => effect.type === "look").length;
    for (let tries = 1; tries < 5; tries += 1) {
      bench.outcome(failed("uncertain"), "look");
      expect(looks()).toBe(tries);
      bench.pass(11);
      expect(looks()).toBe(tries + 1);
    }
    expect(sent(bench)).toBe(2);
  });

  test("refused again and again although nothing was changed: not a hundred times in a moment, and a person hears of it in the end", () => {
    const bench = verifying();
    const [, , cart] = wellCart(3);
    bench.command({ type: "undo", incident: "inc-1", why: "it was me" });
    for (let tries = 0; tries < 6; tries += 1) {
      expect(sent(bench)).toBe(2 + tries);
      bench.outcome(failed("conflict"));
      bench.outcome({ type: "looked", ...(cart === undefined ? {} : { object: cart }) }, "look");
      bench.pass(11);
    }
    expect(bench.incident(CART)).toMatchObject({ phase: "escalated", why: expect.stringContaining("did not land") });
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

  test("an incident that another one explains is merged into it", () => {
    const bench = new EngineBench(policy());
    const cart = deployment("cart", { spec: { template: GOOD }, status: { availableReplicas: 1, readyReplicas: 1 } });
    const rs = replicaSet(cart, 1, { ready: 1 });
    const sick = pod("cart-1-b", { ownedBy: rs, statuses: [running({ ready: false })], spec: { nodeName: "worker-2" }, readySince: 10 });
    bench.see(namespaceObject("shop"), node(), node("worker-2"), node("worker-3"), node("worker-4"), cart, rs, pod("cart-1-a", { ownedBy: rs }), sick);
    bench.pass(150);
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
