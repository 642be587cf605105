import { existsSync, readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Decision } from "../model/decision.ts";
import { approved, cart, decideInput, type Given, imagePlan, shop } from "../testing/decide-input.ts";
import { decide } from "./decide.ts";
import { GATES } from "./gates.ts";

/** Ids of the gates that hold or ask, in their order. */
function telling(decision: Decision): readonly string[] {
  return decision.gates.filter(({ answer }) => answer !== "pass" && answer !== "not-applicable").map((gate) => gate.gate);
}

const folder = new URL("./gates/", import.meta.url);

test("the list of gates and the folder are the same, and every gate has a test beside it", () => {
  const files = readdirSync(folder).filter((file) => !file.endsWith(".test.ts"));
  expect(GATES.map((gate) => `${gate.id}.ts`).sort()).toEqual(files.sort());
  for (const { id } of GATES) expect(existsSync(new URL(`${id}.test.ts`, folder))).toBe(true);
});

test("act where every gate lets it pass; every gate has answered, in order", () => {
  const decision = decide(decideInput());
  expect(telling(decision)).toEqual([]);
  expect(decision.verdict).toBe("act");
  expect(decision.gates.map((gate) => gate.gate)).toEqual(GATES.map((gate) => gate.id));
  expect(decision.gates.every((gate) => gate.reason !== "")).toBe(true);
});

test("hold keeps all reasons, not the first alone, and names the earliest moment at which one can change", () => {
  const decision = decide(
    decideInput({ paused: { api: true, configMap: "absent" }, storm: { frozen: true, until: 900, reason: "many at once" }, stillUnhealthy: false }),
  );
  expect(decision.verdict).toBe("hold");
  expect(telling(decision)).toEqual(["pause", "storm", "still-unhealthy"]);
  expect(decision.retryAt).toBe(900);
});

test("unknown holds as a block does", () => {
  expect(decide(decideInput({ health: { Deployment: "stale" } })).verdict).toBe("hold");
});

describe("asking", () => {
  const suggest = { spec: { mode: "suggest" } } as const;

  test("a policy that suggests asks, and says why", () => {
    const decision = decide(decideInput(suggest));
    expect(decision.verdict).toBe("ask");
    expect(telling(decision)).toEqual(["policy-mode", "approval"]);
  });

  test("an approval of this very plan makes it act; it is told who approved", () => {
    const decision = decide(decideInput({ ...suggest, approval: approved(imagePlan()) }));
    expect(decision.verdict).toBe("act");
    expect(decision.gates.find((gate) => gate.gate === "policy-mode")).toMatchObject({ answer: "pass", reason: expect.stringContaining("approved by ada") });
  });

  test("an approval of another plan, or one that has expired, asks again", () => {
    const other = approved(imagePlan({ risk: "high" }));
    expect(decide(decideInput({ ...suggest, approval: other })).verdict).toBe("ask");
    expect(decide(decideInput({ ...suggest, approval: approved(imagePlan(), { expiresAt: 1 }) })).verdict).toBe("ask");
  });

  test("an approval does not lift what holds", () => {
    const decision = decide(decideInput({ spec: { mode: "observe" }, approval: approved(imagePlan()) }));
    expect(decision.verdict).toBe("hold");
  });
});

describe("while acting is off", () => {
  const readOnly = { authority: { type: "read-only" } } as const;

  test("what would act is proposed, and it is said why it is no more", () => {
    expect(decide(decideInput(readOnly))).toMatchObject({ verdict: "ask", capped: expect.stringContaining("acting is off") });
  });

  test("even an approval leaves it at a proposal", () => {
    expect(decide(decideInput({ ...readOnly, spec: { mode: "suggest" }, approval: approved(imagePlan()) })).verdict).toBe("ask");
  });

  test("what would hold holds", () => {
    expect(decide(decideInput({ ...readOnly, spec: { mode: "observe" } })).verdict).toBe("hold");
  });
});

describe("for any input", () => {
  const mode = fc.constantFrom("observe" as const, "suggest" as const, "act" as const);
  const names = (...lists: string[][]) => fc.constantFrom(...lists);
  const rule = fc.record({
    mode,
    match: fc.record(
      {
        namespaces: names(["shop"], ["*"], ["other"]),
        kinds: names(["Deployment"], ["Pod"]),
        modes: names(["bad-rollout"], ["crash-loop"]),
        actions: names(["roll-back"]),
        labels: fc.constantFrom<Record<string, string>[]>({ tier: "front" }, {}),
      },
      { requiredKeys: [] },
    ),
  });
  const spec = fc.record({ mode, rules: fc.array(rule, { maxLength: 4 }) }).map(({ mode: byDefault, rules }) => ({
    mode: byDefault,
    rules: rules.map((one, index) => ({ name: `r${index}`, ...one })),
  }));
  const given = fc.record(
    {
      spec,
      stillUnhealthy: fc.boolean(),
      confidence: fc.constantFrom(
        { type: "unproven", cases: 3 } as const,
        { type: "measured", share: 0.7, cases: 90 } as const,
        {
          type: "measured",
          share: 0.2,
          cases: 90,
        } as const,
      ),
      paused: fc.constantFrom({ api: true, configMap: "absent" } as const, { api: false, configMap: "unknown" } as const),
      authority: fc.constantFrom({ type: "read-only" } as const, { type: "waiting", reason: "another leads" } as const),
      health: fc.constantFrom({ Deployment: "stale" } as const, { Namespace: "forbidden" } as const),
      approval: fc.constantFrom(approved(imagePlan()), approved(imagePlan({ risk: "low" }))),
      mode: fc.constant({ id: "bad-rollout", deterministic: true, maybeMeant: true, kinds: [] }),
    },
    { requiredKeys: [] },
  );
  const LEVEL: Readonly<Record<Decision["verdict"], number>> = { hold: 0, ask: 1, act: 2 };
  const level = (input: Given): number => LEVEL[decide(decideInput(input)).verdict];

  test("act means that every gate passes or does not apply", () => {
    fc.assert(
      fc.property(given, (input) => {
        const decision = decide(decideInput(input));
        const clear = decision.gates.every(({ answer }) => answer === "pass" || answer === "not-applicable");
        expect(decision.verdict === "act").toBe(clear);
      }),
    );
  });

  test("the same input gives the same decision", () => {
    fc.assert(
      fc.property(given, (input) => {
        expect(decide(decideInput(input))).toEqual(decide(decideInput(input)));
      }),
    );
  });

  test("an off switch anywhere in the chain never widens, and off never acts or asks", () => {
    const value = fc.constantFrom("off", "observe", "suggest", "act", "of");
    fc.assert(
      fc.property(given, value, fc.constantFrom(shop, cart), (input, annotation, carrier) => {
        const marked = { ...carrier, metadata: { ...carrier.metadata, annotations: { "kintsugi.dev/mode": annotation } } };
        const switched = level({ ...input, objects: [marked] });
        expect(switched).toBeLessThanOrEqual(level(input));
        if (annotation === "off" || annotation === "observe") expect(switched).toBe(0);
      }),
    );
  });

  test("a protected target never acts or asks", () => {
    fc.assert(
      fc.property(given, (input) => {
        expect(level({ ...input, own: { namespace: "shop" } })).toBe(0);
      }),
    );
  });

  test("one rule more can widen only what no rule had spoken of", () => {
    fc.assert(
      fc.property(given, rule, (input, extra) => {
        const before = input.spec ?? { mode: "act" as const, rules: [] };
        const after = { ...before, rules: [...(before.rules ?? []), { name: "extra", ...extra }] };
        const spoken = decide(decideInput(input))
          .gates.find((gate) => gate.gate === "policy-mode")
          ?.reason.startsWith("rule");
        // A rule that says act and names the mode also speaks for what a person may have meant.
        if (spoken === true && extra.match.modes === undefined) expect(level({ ...input, spec: after })).toBeLessThanOrEqual(level({ ...input, spec: before }));
      }),
    );
  });

  test("a rule that says observe and matches never lets it act", () => {
    fc.assert(
      fc.property(given, (input) => {
        const { rules = [], ...rest } = input.spec ?? {};
        expect(level({ ...input, spec: { ...rest, rules: [...rules, { name: "extra", mode: "observe", match: {} }] } })).toBe(0);
      }),
    );
  });
});

test("what is decided depends on none of the objects that the plan has nothing to do with", () => {
  const stranger = { ...cart, metadata: { ...cart.metadata, name: "pay", uid: "pay", annotations: { "kintsugi.dev/mode": "off" } } };
  expect(decide(decideInput({ objects: [stranger] }))).toEqual(decide(decideInput()));
});
