import { expect, test } from "vitest";
import { viewOf } from "../testing/array-view.ts";
import { service } from "../testing/more-objects.ts";
import { container, pod, running } from "../testing/objects.ts";
import { unwellCallee } from "./callee.ts";

const caller = pod("cart-a", {
  statuses: [running({ ready: false })],
  readySince: 5_000,
  spec: { containers: [container({ env: [{ name: "PAYMENTS_ADDR", value: "payments:8080" }] })] },
});

test("what is served by hand or outside of the cluster is not to be seen, and blames nobody", () => {
  const external = service("payments", { spec: { type: "ExternalName", selector: {} } });
  const byHand = service("payments", { spec: { selector: {} } });
  for (const payments of [external, byHand]) expect(unwellCallee({ view: viewOf([caller, payments]) }, [caller])).toBeUndefined();
});

test("a Service without any pod is named with where it is called from", () => {
  expect(unwellCallee({ view: viewOf([caller, service("payments")]) }, [caller])).toMatchObject({
    service: { metadata: { name: "payments" } },
    where: "env PAYMENTS_ADDR",
  });
});

test("without callers there is nothing to ask", () => {
  expect(unwellCallee({ view: viewOf([service("payments")]) }, [])).toBeUndefined();
});
