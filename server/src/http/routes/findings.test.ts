import type { Finding } from "@kintsugi/core";
import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import { CART, incident, resolved, T0 } from "../../adapters/testing/records.ts";
import { type ApiUnderTest, apiUnderTest } from "../testing/api-under-test.ts";
import { onlyIn } from "../testing/narrow-access.ts";

let api: ApiUnderTest;
beforeEach(async () => {
  api = await apiUnderTest();
  api.engine.found = FOUND;
});
afterEach(() => api.close());

function finding(detector: string, kind: Finding["subject"]["kind"], namespace: string, name: string): Finding {
  return { detector, subject: { kind, namespace, name }, since: T0, summary: `${name} is ill`, members: [], count: 1, lostShare: 0.5 };
}
const FOUND = [
  finding("rollout-stuck", "Deployment", "shop", "cart"),
  finding("image-pull", "Deployment", "shop", "cart"),
  finding("image-pull", "Deployment", "bank", "ledger"),
  finding("node-not-ready", "Node", "", "worker-1"),
];
const told = async (query = "") => (await api.ask("GET", `/api/v2/findings${query}`)).json.items.map((f: Finding) => `${f.detector} ${f.subject.name}`);

it("are listed by detector and subject, with the incident that is alive for it", async () => {
  api.engine.list = [resolved("inc-1", T0), incident("inc-2")];
  const { items } = (await api.ask("GET", "/api/v2/findings?kind=Deployment&namespace=shop")).json;
  expect(items).toMatchObject([
    { detector: "image-pull", subject: CART, incident: "inc-2", lostShare: 0.5 },
    { detector: "rollout-stuck", incident: "inc-2" },
  ]);
});

it.each([
  ["?detector=image-pull", ["image-pull ledger", "image-pull cart"]],
  ["?namespace=bank&namespace=shop&name=cart", ["image-pull cart", "rollout-stuck cart"]],
  ["?kind=Node", ["node-not-ready worker-1"]],
])("can be chosen by %s", async (query, expected) => {
  expect(await told(query)).toEqual(expected);
});

it("come whole and once in pages of any size, also when one goes in between", async () => {
  const all = await told();
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.nat(3), async (limit, gone) => {
      api.engine.found = FOUND;
      const first = (await api.ask("GET", `/api/v2/findings?limit=${limit}`)).json;
      const shown: string[] = first.items.map((f: Finding) => `${f.detector} ${f.subject.name}`);
      api.engine.found = FOUND.filter((_, at) => at !== gone);
      const rest = first.next === undefined ? [] : await told(`?cursor=${first.next}`);
      const went = `${FOUND[gone]?.detector} ${FOUND[gone]?.subject.name}`;
      expect([...shown, ...rest].filter((one) => one !== went)).toEqual(all.filter((one: string) => one !== went));
    }),
  );
});

it("are shown of the namespaces that the caller may see", async () => {
  const narrow = await apiUnderTest({ access: onlyIn("bank") });
  narrow.engine.found = FOUND;
  expect((await narrow.ask("GET", "/api/v2/findings")).json.items).toMatchObject([{ subject: { namespace: "bank" } }]);
  await narrow.close();
});
