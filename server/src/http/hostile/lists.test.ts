/** Ten thousand incidents, pods and records: no answer grows with them beyond a page, and every page can be reached. How long each took is printed. */
import { pod } from "@kintsugi/core/testing/objects";
import { afterAll, beforeAll, expect, it } from "vitest";
import { draft, incident, openIncident } from "../../adapters/testing/records.ts";
import { type ApiUnderTest, apiUnderTest } from "../testing/api-under-test.ts";
import { type Operation, operationsOf, urlOf } from "../testing/operations.ts";

const MANY = 10_000;
/** Of one answer, bytes. */
const MOST = 4_000_000;
/** The whole ledger is what it is for; it comes as a stream. */
const WHOLE = ["/api/v2/records/export", "/api/v2/events"];

let api: ApiUnderTest;
let reads: readonly Operation[];
beforeAll(async () => {
  api = await apiUnderTest();
  api.engine.list = Array.from({ length: MANY }, (_, i) => ({
    ...incident(`inc-${i + 1}`),
    subject: { kind: "Deployment" as const, namespace: `ns-${i % 100}`, name: `app-${i}` },
  }));
  api.engine.seen.apply(
    Array.from({ length: MANY }, (_, i) => ({ type: "object" as const, object: pod(`pod-${i}`, { metadata: { namespace: `ns-${i % 100}` } }) })),
  );
  for (let i = 0; i < MANY; i += 1_000) {
    await api.ledger.append(Array.from({ length: 1_000 }, (_, j) => draft(openIncident(j % 2 === 0 ? "inc-1" : `inc-${i + j + 1}`))));
  }
  reads = (await operationsOf(api)).filter(({ method, path }) => method === "GET" && !WHOLE.includes(path));
});
afterAll(() => api.close());

/** The longest list anywhere in a value. */
function longest(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return Math.max(Array.isArray(value) ? value.length : 0, ...Object.values(value).map(longest));
}

it("every answer is a page of at most 4 MB, however much is asked for", async () => {
  const times: string[] = [];
  for (const operation of reads) {
    const pages = operation.parameters.some(({ name }) => name === "limit");
    const began = performance.now();
    const answer = await api.ask("GET", urlOf(operation, pages ? { limit: "200" } : {}));
    times.push(`${(performance.now() - began).toFixed(1).padStart(7)} ms ${String(answer.text.length).padStart(8)} bytes  ${operation.path}`);
    expect(answer.text.length, operation.path).toBeLessThan(MOST);
    expect(longest(answer.json), operation.path).toBeLessThanOrEqual(1_000);
    if (pages) expect(longest((answer.json as { readonly items?: unknown } | undefined)?.items), operation.path).toBeLessThanOrEqual(200);
  }
  console.log(times.join("\n"));
  expect(reads.length).toBeGreaterThan(10);
});

it("no limit above the most is taken", async () => {
  for (const operation of reads) {
    if (!operation.parameters.some(({ name }) => name === "limit")) continue;
    for (const limit of ["100000", "-1", "0", "1e9", "NaN", "Infinity"]) {
      expect((await api.ask("GET", urlOf(operation, { limit }))).status, `${operation.path} ${limit}`).toBe(400);
    }
  }
});

it.each(["/api/v2/incidents", "/api/v2/records", "/api/v2/pods"])("%s is read to its end page by page, each item once", async (path) => {
  const seen = new Set<unknown>();
  let count = 0;
  let cursor: string | undefined;
  do {
    const { json } = await api.ask("GET", `${path}?limit=200${cursor === undefined ? "" : `&cursor=${encodeURIComponent(cursor)}`}`);
    for (const item of json.items) seen.add(item.id ?? item.seq ?? `${item.namespace}/${item.name}`);
    count += json.items.length;
    cursor = json.next;
  } while (cursor !== undefined && count <= 2 * MANY);
  expect([count, seen.size]).toEqual([MANY, MANY]);
});
