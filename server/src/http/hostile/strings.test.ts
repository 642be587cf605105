/** Strings that mean something to a file system, a shell, a database, PromQL, a label selector or HTTP, in every place where a string may stand. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Access } from "../../access/access.ts";
import { draft, incident } from "../../adapters/testing/records.ts";
import { HOSTILE } from "../../testing/hostile-strings.ts";
import { type ApiUnderTest, apiUnderTest } from "../testing/api-under-test.ts";
import { type Operation, operationsOf, urlOf } from "../testing/operations.ts";

const CANARY = "canary-of-the-vault";
/** Whoever asks may do everything in the namespace shop and nothing elsewhere. */
const shopOnly: Access = {
  hint: "a token of the tests",
  authenticate: async () => ({ name: "sam", groups: [], identity: "proven", audience: "api" }),
  may: async (_caller, { namespace }) => (namespace === "shop" ? "allowed" : "denied"),
};

let api: ApiUnderTest;
let operations: readonly Operation[];
beforeEach(async () => {
  api = await apiUnderTest({ access: shopOnly });
  const other = incident("inc-2");
  const inVault = { ...other, title: CANARY, subject: { ...other.subject, namespace: "vault", name: CANARY } };
  api.engine.list = [incident("inc-1"), inVault];
  await api.ledger.append([draft({ type: "incident", incident: inVault, from: "-", reason: CANARY })]);
  operations = (await operationsOf(api)).filter(({ path }) => path !== "/api/v2/events");
});
afterEach(() => api.close());

/** Every answer is one that a client can be told: no failure inside, nothing of another namespace, no header of the asker's making. */
async function expectHarmless(method: string, url: string, where: string, body?: object): Promise<void> {
  const answer = await api.ask(method, url, body === undefined ? {} : { body });
  expect([200, 201, 202, 400, 403, 404, 409, 413, 414, 415, 422, 503], `${where}: ${answer.text.slice(0, 300)}`).toContain(answer.status);
  if (answer.status >= 400 && method !== "HEAD") expect(answer.type, where).toMatch(/^application\/(problem\+)?json$/);
  expect(answer.text, where).not.toContain(CANARY);
  expect(answer.text, where).not.toContain("root:");
  expect(answer.headers, where).not.toHaveProperty("x-injected");
}

const places = (): readonly (readonly [Operation, Operation["parameters"][number]])[] =>
  operations.flatMap((operation) => operation.parameters.filter((one) => one.in === "path" || one.in === "query").map((one) => [operation, one] as const));

describe.each(HOSTILE)("%s", (_what, text) => {
  it("in a parameter of a path or a query harms nothing", async () => {
    for (const [operation, { name }] of places()) {
      const url = urlOf(operation, { [name]: text });
      await expectHarmless(operation.method, url, `${operation.method} ${operation.path} ${name}`, operation.body as object | undefined);
    }
    expect(places().length).toBeGreaterThan(20);
  });

  it("in a body harms nothing", async () => {
    for (const operation of operations) {
      for (const [name, body] of bodiesWith(operation.wholeBody, text)) {
        await expectHarmless(operation.method, urlOf(operation), `${operation.method} ${operation.path} body ${name}`, body);
      }
    }
  });
});

it("what names an object reaches neither the engine nor the cluster, unless it is a name", async () => {
  const named: string[] = [];
  api.engine.cluster.logs = async (...given: readonly unknown[]) => {
    named.push(JSON.stringify(given));
    return "";
  };
  for (const [, text] of HOSTILE) {
    for (const [operation, { name }] of places()) {
      if (!/^(namespace|kind|name|ns|container|node|pod|id|mountpoint|deployment)$/.test(name)) continue;
      await api.ask(operation.method, urlOf(operation, { [name]: text }), operation.body === undefined ? {} : { body: operation.body as object });
    }
  }
  const hostile = HOSTILE.map(([, text]) => text).filter((text) => text !== "");
  const heard = JSON.stringify(api.engine.told) + named.join();
  expect(hostile.filter((text) => heard.includes(JSON.stringify(text).slice(1, -1)))).toEqual([]);
});

/** The body once for each of its strings, with the text in that place. */
function bodiesWith(body: unknown, text: string): readonly (readonly [string, object])[] {
  if (typeof body !== "object" || body === null) return [];
  return Object.entries(body).flatMap(([name, value]): (readonly [string, object])[] => {
    if (typeof value === "string") return [[name, { ...body, [name]: text }]];
    if (Array.isArray(value)) return [[name, { ...body, [name]: [text] }]];
    return bodiesWith(value, text).map(([inner, changed]) => [`${name}.${inner}`, { ...body, [name]: changed }]);
  });
}
