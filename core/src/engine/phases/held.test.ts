import { describe, expect, test } from "vitest";
import type { IncidentIn } from "../../model/incident.ts";
import type { Outcome } from "../../model/input.ts";
import type { FailureKind } from "../../model/step.ts";
import { broken, brokenCart, CART } from "../../testing/cart-story.ts";
import { ACT, type EngineBench, policy } from "../../testing/engine-bench.ts";

type Facts = Partial<Extract<Outcome, { type: "preflight" }>>;

/** As a cluster answers whose view-only account may not patch. */
function denied(bench: EngineBench): Facts {
  const permissions = bench
    .last("preflight")
    .permissions.map((permission) => ({ permission, answer: permission.verb === "patch" ? "denied" : "allowed" }) as const);
  return { permissions, dryRun: { answer: "not-asked", reason: "acting is off or not permitted" } };
}

function unanswered(bench: EngineBench, kind: FailureKind): void {
  bench.step({ type: "outcome", effect: bench.last("preflight").id, outcome: { type: "failed", failure: { kind, message: "no luck" } } });
}

/** Time goes on, and whatever facts are asked for are answered. Returns how often they were. */
function pass(bench: EngineBench, seconds: number, answer: (bench: EngineBench) => void): number {
  const end = bench.now + seconds * 1_000;
  let answered = 0;
  let last: string | undefined;
  for (;;) {
    const asked = bench.last("preflight").id;
    if (asked !== last) {
      last = asked;
      answered += 1;
      answer(bench);
      continue;
    }
    const wake = bench.last("wake").at;
    if (wake > end) break;
    bench.now = Math.max(bench.now, wake);
    bench.step({ type: "tick" });
  }
  bench.now = end;
  return answered;
}

function held(bench: EngineBench): IncidentIn<"held"> {
  const incident = bench.incident(CART);
  if (incident.phase !== "held") throw new Error(`it is ${incident.phase}`);
  return incident;
}

describe("an account that may only look", () => {
  test.each([
    ["may not patch", (bench: EngineBench) => bench.facts(denied(bench)), "permissions: not permitted: patch deployments.apps in shop"],
    [
      "gets its dry run refused",
      (bench: EngineBench) => bench.facts({ dryRun: { answer: "refused", reason: "invalid: quota" } }),
      "dry-run: the API server would refuse it",
    ],
    ["gets no facts", (bench: EngineBench) => unanswered(bench, "denied"), "the facts for a decision cannot be had: denied"],
  ])("that %s is told why once, and asks less and less often", (_, answer, why) => {
    const bench = broken();
    const before = bench.records().length;
    const first = pass(bench, 3_600, answer);
    expect(held(bench).why).toContain(why);
    expect(bench.records().length - before).toBeLessThanOrEqual(1);
    expect(first).toBeGreaterThan(3);
    expect(first).toBeLessThanOrEqual(12);
    const second = pass(bench, 3_600, answer);
    expect(second).toBeLessThanOrEqual(5);
    expect(bench.records().length - before).toBeLessThanOrEqual(1);
  });

  test("that is given the right acts at the next look, on the very facts that it was told then", () => {
    const bench = broken();
    bench.facts(denied(bench));
    expect(bench.phase(CART)).toBe("held");
    pass(bench, 120, (asked) => asked.facts());
    expect(bench.phase(CART)).toBe("acting");
  });

  test("when the reason becomes another it is recorded, and looks begin to be frequent again", () => {
    const bench = broken();
    pass(bench, 3_600, (asked) => asked.facts(denied(asked)));
    const before = bench.records().length;
    pass(bench, 1_200, (asked) => asked.facts({ dryRun: { answer: "refused", reason: "invalid: quota" } }));
    expect(held(bench).why).toContain("dry-run");
    expect(bench.records().length - before).toBe(1);
  });
});

test("facts that were asked about one plan are none about another", () => {
  const bench = broken();
  const asked = bench.last("preflight");
  const cart = bench.state.view.get("Deployment", "shop", "cart");
  if (cart === undefined) throw new Error("no cart");
  // Somebody changes what the plan tests for, while the facts are on their way.
  bench.see({ ...cart, metadata: { ...cart.metadata, generation: 3 } });
  bench.step({
    type: "outcome",
    effect: asked.id,
    outcome: {
      type: "preflight",
      objects: [],
      permissions: asked.permissions.map((permission) => ({ permission, answer: "allowed" })),
      dryRun: { answer: "accepted", reason: "" },
    },
  });
  expect(bench.phase(CART)).toBe("diagnosed");
  expect(bench.last("preflight").plan.hash).not.toBe(asked.plan.hash);
  bench.facts();
  expect(bench.phase(CART)).toBe("acting");
});

describe("a proposal that nobody decided on", () => {
  const expired = () => {
    const bench = broken(policy());
    bench.facts();
    bench.pass(3_700);
    expect(bench.phase(CART)).toBe("held");
    return bench;
  };

  test("goes on when policy says act", () => {
    const bench = expired();
    bench.step({ type: "policy", policy: ACT });
    bench.facts();
    expect(bench.phase(CART)).toBe("acting");
  });

  test("goes on when there is new evidence", () => {
    const bench = expired();
    const incident = held(bench);
    if (incident.diagnosis === undefined) throw new Error("no diagnosis");
    const candidates = incident.diagnosis.candidates.map((candidate) => ({ ...candidate, pattern: "what was seen before" }));
    bench.state.incidents.set(incident.id, { ...incident, diagnosis: { ...incident.diagnosis, candidates } });
    bench.see(...brokenCart());
    bench.facts();
    expect(bench.phase(CART)).toBe("awaiting");
  });

  test("is not put again, nor looked at by the clock, while all is as it was", () => {
    const bench = expired();
    const before = bench.records().length;
    bench.see(...brokenCart());
    bench.pass(7_200);
    expect(bench.phase(CART)).toBe("held");
    expect(bench.records().length).toBe(before);
  });
});

test("a person's no stands whatever policy says since", () => {
  const bench = broken(policy());
  bench.facts();
  bench.command({ type: "deny", incident: "inc-1", why: "not now" });
  bench.step({ type: "policy", policy: ACT });
  bench.pass(3_600);
  expect(held(bench).why).toContain("denied by ada");
});
