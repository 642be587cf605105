import { pod } from "@kintsugi/core/testing/objects";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseLabelSelector, parsePodFieldSelector, type Selector } from "./selectors.ts";

function matches<T>(selector: Selector<T>, item: T): boolean | string {
  return selector.ok ? selector.matches(item) : selector.why;
}

describe("a label selector", () => {
  const labels = { app: "cart", tier: "web", "example.org/owner": "ada" };
  it.each([
    ["", true],
    ["app=cart", true],
    ["app==cart,tier=web", true],
    ["app=cart,tier=api", false],
    ["app!=orders", true],
    ["absent!=x", true],
    ["tier in (web, api)", true],
    ["tier notin (web)", false],
    ["absent notin (web)", true],
    ["tier", true],
    ["!tier", false],
    ["!canary , example.org/owner=ada", true],
    ["absent=", false],
    ["constructor", false],
    ["!toString", true],
  ])("%j says %s", (text, expected) => {
    expect(matches(parseLabelSelector(text), labels)).toBe(expected);
  });

  it.each(["=", "app=cart=2", "app in cart", "app in (", "a b", "app=cart,,tier", "app>3", "app=$(id)", "app={job!=''}"])(
    "is not %j, and says what would be",
    (text) => {
      expect(matches(parseLabelSelector(text), labels)).toContain("write key=value");
    },
  );

  it("of equalities selects as its pairs say", () => {
    const pairs = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.constantFrom("x", "y"), { maxKeys: 3 });
    fc.assert(
      fc.property(pairs, pairs, (wanted, has) => {
        const text = Object.entries(wanted)
          .map(([key, value]) => `${key}=${value}`)
          .join(",");
        expect(matches(parseLabelSelector(text), has)).toBe(Object.entries(wanted).every(([key, value]) => has[key] === value));
      }),
    );
  });

  it("that is hostile is read in no time", () => {
    for (const text of ["a".repeat(1_000), "(".repeat(1_000), `${"a,".repeat(499)}(`, "a in (".repeat(160), `k in (${",".repeat(900)})`]) {
      const began = performance.now();
      parseLabelSelector(text);
      expect(performance.now() - began, text.slice(0, 20)).toBeLessThan(200);
    }
  });
});

describe("a field selector for pods", () => {
  const cart = pod("cart-a");
  it.each([
    ["", true],
    ["metadata.name=cart-a", true],
    ["status.phase!=Running", false],
    ["spec.nodeName=worker-1,metadata.namespace=shop", true],
    ["status.podIP==10.1.0.9", false],
  ])("%j says %s", (text, expected) => {
    expect(matches(parsePodFieldSelector(text), cart)).toBe(expected);
  });

  it.each(["spec.containers=a", "name", "toString=a", "metadata.name>a"])("is not %j, and names the fields that there are", (text) => {
    expect(matches(parsePodFieldSelector(text), cart)).toContain("metadata.name, metadata.namespace");
  });
});
