/** Who may stand behind a plan: one person, two where policy wants two, an assistant's owner by elicitation. */
import { describe, expect, test } from "vitest";
import type { Asker } from "../model/actor.ts";
import type { IncidentIn } from "../model/incident.ts";
import type { Policy } from "../model/policy.ts";
import { broken, brokenCart, CART, restarted, wellCart } from "../testing/cart-story.ts";
import { type EngineBench, policy } from "../testing/engine-bench.ts";
import { replay } from "./replay.ts";

const FOUR_EYES = policy({ fourEyes: true });
const ada: Asker = { type: "person", name: "ada", proven: true };
const bob: Asker = { type: "person", name: "bob", proven: true };
const adasAssistant: Asker = { ...ada, type: "assistant" };
const anybody: Asker = { type: "person", name: "carol", proven: false };

/** The cart's cure is proposed, and nobody has said anything. */
function asked(inForce: Policy = FOUR_EYES): EngineBench {
  const bench = broken(inForce);
  bench.facts();
  expect(bench.phase(CART)).toBe("awaiting");
  return bench;
}

/** The same, because somebody asked for it after it had been denied. */
function requested(by: Asker, inForce: Policy = FOUR_EYES): EngineBench {
  const bench = asked(inForce);
  bench.command({ type: "deny", incident: "inc-1", why: "not yet" }, "dora");
  bench.command({ type: "propose", incident: "inc-1" }, by);
  bench.facts();
  expect(bench.phase(CART)).toBe("awaiting");
  return bench;
}

/** The same, because it expired and somebody asked again. */
function renewed(by: Asker, inForce: Policy = FOUR_EYES): EngineBench {
  const bench = asked(inForce);
  bench.pass(3_601);
  expect(bench.phase(CART)).toBe("held");
  bench.command({ type: "propose", incident: "inc-1" }, by);
  bench.facts();
  expect(bench.phase(CART)).toBe("awaiting");
  return bench;
}

function approve(bench: EngineBench, by: Asker, over: { readonly elicited?: true } = {}) {
  const { proposal } = bench.incident(CART) as IncidentIn<"awaiting">;
  return bench.command({ type: "approve", incident: "inc-1", planHash: proposal.plan.hash, ...over }, by);
}

describe("four eyes, where nobody asked", () => {
  test("the first approval is kept and recorded and does nothing, the second makes it act with both named", () => {
    const bench = asked();
    expect(approve(bench, ada)).toMatchObject({ ok: true, text: expect.stringContaining("a second person") });
    expect(bench.phase(CART)).toBe("awaiting");
    expect(bench.records().at(-1)).toMatchObject({ actor: ada, body: { reason: "approved by ada, the first of two", incident: { phase: "awaiting" } } });
    bench.pass(60);
    expect(bench.phase(CART)).toBe("awaiting");
    expect(bench.incident(CART).attempts).toEqual([]);
    expect(approve(bench, bob).ok).toBe(true);
    expect(bench.records().findLast(({ body }) => body.type === "incident" && body.reason.startsWith("approved"))?.body).toMatchObject({
      reason: "approved by bob after ada, who approved it",
    });
    bench.facts();
    expect(bench.incident(CART)).toMatchObject({
      phase: "acting",
      attempts: [
        {
          approvedBy: "bob",
          backers: [
            { ...ada, how: "approved" },
            { ...bob, how: "approved" },
          ],
        },
      ],
    });
  });

  test("the same person twice is one person, and is told so", () => {
    const bench = asked();
    approve(bench, ada);
    expect(approve(bench, ada)).toMatchObject({ ok: false, code: "conflict", text: expect.stringContaining("ada, who approved it") });
    expect(bench.phase(CART)).toBe("awaiting");
  });

  test("who cannot be told from anybody else is refused, first and second", () => {
    const bench = asked();
    expect(approve(bench, anybody)).toMatchObject({ ok: false, code: "forbidden", text: expect.stringContaining("cannot be proven") });
    approve(bench, ada);
    expect(approve(bench, anybody)).toMatchObject({ ok: false, code: "forbidden" });
    expect(bench.phase(CART)).toBe("awaiting");
  });

  test("the first approval survives a restart, and what holds meanwhile", () => {
    const bench = asked();
    approve(bench, ada);
    bench.command({ type: "pause", why: "lunch" }, bob);
    expect(bench.phase(CART)).toBe("held");
    const after = restarted(bench, 60, FOUR_EYES);
    after.see(...wellCart(), ...brokenCart());
    after.live();
    after.lead();
    expect(after.phase(CART)).toBe("held");
    after.command({ type: "resume", why: "back" }, bob);
    after.facts();
    expect(after.phase(CART)).toBe("awaiting");
    expect(approve(after, ada)).toMatchObject({ ok: false, code: "conflict" });
    expect(approve(after, bob).ok).toBe(true);
    after.facts();
    expect(after.phase(CART)).toBe("acting");
  });

  test("the first approval ends with the proposal", () => {
    const bench = asked();
    approve(bench, ada);
    bench.pass(3_601);
    expect(bench.phase(CART)).toBe("held");
    bench.command({ type: "propose", incident: "inc-1" }, anybody);
    bench.facts();
    expect(approve(bench, bob)).toMatchObject({ ok: true, text: expect.stringContaining("first of two") });
  });

  test("a plan that one person approved before policy wanted two is not carried out", () => {
    const bench = asked(policy());
    approve(bench, ada);
    expect(bench.phase(CART)).toBe("diagnosed");
    bench.step({ type: "policy", policy: FOUR_EYES });
    bench.facts();
    expect(bench.phase(CART)).toBe("awaiting");
    expect(approve(bench, bob).ok).toBe(true);
    bench.facts();
    expect(bench.incident(CART)).toMatchObject({ phase: "acting", attempts: [{ backers: [{ name: "ada" }, { name: "bob" }] }] });
  });

  test("replayed, its decision is the one of the record, and under a policy that wants two it asks", () => {
    const bench = asked(policy());
    approve(bench, ada);
    bench.facts();
    const { body } = bench.records().findLast(({ body }) => body.type === "incident" && body.incident.phase === "acting") ?? {};
    if (body?.type !== "incident" || body.inputs === undefined) throw new Error("the decision should have kept its inputs");
    expect(replay(body.inputs, undefined, bench.state.confidence)).toMatchObject({ type: "decided", same: true, decision: { verdict: "act" } });
    expect(replay(body.inputs, FOUR_EYES, bench.state.confidence)).toMatchObject({ type: "decided", same: false, decision: { verdict: "ask" } });
  });
});

describe("four eyes, where somebody asked for the plan", () => {
  test("whoever asked is the first, so one other is enough", () => {
    const bench = requested(ada);
    expect(approve(bench, ada)).toMatchObject({ ok: false, code: "conflict", text: expect.stringContaining("ada, who asked for it") });
    expect(approve(bench, bob).ok).toBe(true);
    bench.facts();
    expect(bench.incident(CART)).toMatchObject({ phase: "acting", attempts: [{ backers: [{ ...ada, how: "asked" }, bob] }] });
  });

  test("that an assistant asked is nobody's word: two people have to approve, of whom its owner may be one", () => {
    const bench = renewed(adasAssistant);
    expect(approve(bench, bob)).toMatchObject({ ok: true, text: expect.stringContaining("first of two") });
    expect(bench.phase(CART)).toBe("awaiting");
    expect(approve(bench, bob)).toMatchObject({ ok: false, code: "conflict" });
    expect(approve(bench, ada).ok).toBe(true);
    bench.facts();
    expect(bench.incident(CART)).toMatchObject({ phase: "acting", attempts: [{ backers: [{ ...adasAssistant, how: "asked" }, bob, ada] }] });
  });

  test("whoever asked and may be anybody counts for nobody", () => {
    const bench = renewed(anybody);
    expect(approve(bench, ada)).toMatchObject({ ok: true, text: expect.stringContaining("first of two") });
    expect(approve(bench, bob).ok).toBe(true);
    bench.facts();
    expect(bench.phase(CART)).toBe("acting");
  });

  test("a request is for the plan that was proposed on it, not for the next one", () => {
    const bench = requested(ada);
    const before = (bench.incident(CART) as IncidentIn<"awaiting">).proposal.plan.hash;
    const [cart] = brokenCart();
    if (cart?.kind !== "Deployment") throw new Error("the story begins with a Deployment");
    bench.see({ ...cart, metadata: { ...cart.metadata, generation: 3 }, status: { ...cart.status, observedGeneration: 3 } });
    bench.facts();
    const { proposal } = bench.incident(CART) as IncidentIn<"awaiting">;
    expect(proposal.plan.hash).not.toBe(before);
    expect(approve(bench, bob)).toMatchObject({ ok: true, text: expect.stringContaining("first of two") });
  });
});

describe("an approval by elicitation", () => {
  const ELICITING = policy({ approveByElicitation: true });

  test("counts where policy allows it, and the ledger says how it came", () => {
    const bench = asked(ELICITING);
    expect(approve(bench, adasAssistant, { elicited: true }).ok).toBe(true);
    expect(bench.records().findLast(({ body }) => body.type === "incident")).toMatchObject({
      actor: adasAssistant,
      body: { reason: "approved by ada by elicitation", incident: { approval: { backers: [{ ...adasAssistant, how: "elicited" }] } } },
    });
    bench.facts();
    expect(bench.incident(CART)).toMatchObject({ phase: "acting", attempts: [{ approvedBy: "ada", backers: [{ how: "elicited" }] }] });
  });

  test("is refused where policy does not allow it, and an assistant's plain word is refused everywhere", () => {
    expect(approve(asked(policy()), adasAssistant, { elicited: true })).toMatchObject({ ok: false, code: "forbidden" });
    expect(approve(asked(ELICITING), adasAssistant)).toMatchObject({ ok: false, code: "forbidden" });
  });

  test("a person does not approve by elicitation", () => {
    expect(approve(asked(ELICITING), ada, { elicited: true })).toMatchObject({ ok: false, code: "invalid" });
  });

  test("is one of two where policy wants two, and the same owner is not the other", () => {
    const both = policy({ approveByElicitation: true, fourEyes: true });
    const own = renewed(adasAssistant, both);
    expect(approve(own, adasAssistant, { elicited: true })).toMatchObject({ ok: true, text: expect.stringContaining("first of two") });
    expect(approve(own, ada)).toMatchObject({ ok: false, code: "conflict" });
    const other = renewed(bob, both);
    expect(approve(other, adasAssistant, { elicited: true }).ok).toBe(true);
    other.facts();
    expect(other.phase(CART)).toBe("acting");
  });

  test("is never both of two: without anybody's own credential nothing happens", () => {
    const bench = asked(policy({ approveByElicitation: true, fourEyes: true }));
    approve(bench, adasAssistant, { elicited: true });
    approve(bench, { ...bob, type: "assistant" }, { elicited: true });
    bench.facts();
    expect(bench.phase(CART)).toBe("awaiting");
    expect(approve(bench, { ...ada, name: "carol" }).ok).toBe(true);
    bench.facts();
    expect(bench.phase(CART)).toBe("acting");
  });

  test("given before policy forbade it, it does nothing any more", () => {
    const bench = asked(ELICITING);
    approve(bench, adasAssistant, { elicited: true });
    bench.step({ type: "policy", policy: policy() });
    bench.facts();
    expect(bench.phase(CART)).toBe("awaiting");
    expect(bench.incident(CART).attempts).toEqual([]);
  });
});
