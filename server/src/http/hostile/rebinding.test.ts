/** A page in somebody's browser that has bound its own name to this machine, or asks across origins: no route answers it. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { type ApiUnderTest, apiUnderTest } from "../testing/api-under-test.ts";
import { filled, type Route, routesOf } from "../testing/routes.ts";

/** They say only up or down, to whoever can connect: kubelets and load balancers know no name. */
const PROBES = ["/healthz", "/readyz", "/health"];

let api: ApiUnderTest;
let routes: readonly Route[];
beforeEach(async () => {
  api = await apiUnderTest({ openMetrics: true });
  routes = (await routesOf(api.app)).filter(({ path }) => !PROBES.includes(path));
});
afterEach(() => api.close());

/** What each route answers to these headers. */
async function answers(headers: { readonly [name: string]: string | undefined }): Promise<readonly string[]> {
  const seen: string[] = [];
  for (const { method, path } of routes) {
    const { status } = await api.ask(method, filled(path), { headers, ...(method === "GET" ? {} : { body: {} }) });
    seen.push(`${status} ${method} ${path}`);
  }
  return seen;
}

const all = (status: number): readonly string[] => routes.map(({ method, path }) => `${status} ${method} ${path}`);

it.each([
  "evil.example",
  "evil.example:8080",
  "localhost.evil.example",
  "127.0.0.1.evil.example",
  "127.0.0.1@evil.example",
  "evil.example/127.0.0.1",
  "evil.example#localhost",
  "localhost evil.example",
])("under the name %j no route answers, whatever token comes with it", async (host) => {
  expect(await answers({ host })).toEqual(all(421));
  // Asked before the token is: the answer does not tell whether it is right.
  expect(await answers({ host, authorization: undefined })).toEqual(all(421));
  expect(api.engine.told).toEqual([]);
});

it.each(["https://evil.example", "http://127.0.0.1:9999", "http://localhost:8080", "https://127.0.0.1:8080.evil.example", "null", "file://", "nonsense"])(
  "to a page of the origin %j no route answers",
  async (origin) => {
    expect(await answers({ origin })).toEqual(all(403));
    expect(api.engine.told).toEqual([]);
  },
);

it("looks at every route there is, the hidden ones too", () => {
  expect(routes.length).toBeGreaterThan(20);
  expect(routes).toContainEqual({ method: "GET", path: "/api/v2/openapi.json" });
  expect(routes).toContainEqual({ method: "DELETE", path: "/api/v2/silences/:id" });
});
