import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { embeddedAccess } from "../access/embedded.ts";
import { addressOf } from "./rate-limits.ts";
import { apiUnderTest, MCP_TOKEN, TOKEN } from "./testing/api-under-test.ts";

const NEVER = 1e-6;
const rates = { read: { burst: 3, perSecond: NEVER }, write: { burst: 2, perSecond: NEVER }, failure: { burst: 2, perSecond: NEVER } };

async function listening(access = embeddedAccess({ api: TOKEN, mcp: MCP_TOKEN })) {
  let authenticated = 0;
  const counting = {
    ...access,
    authenticate: (token: string) => {
      authenticated++;
      return access.authenticate(token);
    },
  };
  const api = await apiUnderTest({ rates, access: counting });
  onTestFinished(() => api.close());
  await api.app.listen({ host: "127.0.0.1", port: 0 });
  const base = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}`;
  const ask = (path: string, token: string | undefined, init: RequestInit = {}) =>
    fetch(base + path, { ...init, headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...init.headers } });
  const statuses = async (answers: readonly (() => Promise<Response>)[]): Promise<number[]> => {
    const all: number[] = [];
    for (const answer of answers) all.push((await answer()).status);
    return all;
  };
  return { api, ask, statuses, authenticated: () => authenticated };
}
const times = <T>(count: number, one: T): T[] => Array<T>(count).fill(one);
const pause = { method: "POST", body: '{"why":"x"}', headers: { "content-type": "application/json" } };

it("lets a caller read so much, and write so much beside it", async () => {
  const { ask, statuses } = await listening();
  const first = await ask("/api/v2/status", TOKEN);
  expect(Object.fromEntries(first.headers)).toMatchObject({ ratelimit: '"read";r=2;t=0', "ratelimit-policy": '"read";q=3;w=3000000' });
  expect(await statuses(times(2, () => ask("/api/v2/status", TOKEN)))).toEqual([200, 200]);
  const refused = await ask("/api/v2/status", TOKEN);
  expect(refused.status).toBe(429);
  expect(refused.headers.get("retry-after")).toBe("1000000");
  expect(refused.headers.get("ratelimit")).toBe('"read";r=0;t=1000000');
  expect(await refused.json()).toMatchObject({ title: "Too many requests", code: "TOO_MANY_REQUESTS" });
  expect(await statuses(times(3, () => ask("/api/v2/pause", TOKEN, pause)))).toEqual([200, 200, 429]);
});

it("counts each caller apart, but no new name that a caller gives itself, and paths that do not exist too", async () => {
  const { ask, statuses } = await listening();
  const named = (actor: string) => () => ask("/api/v2/nothing", TOKEN, { headers: { "x-kintsugi-actor": actor } });
  expect(await statuses([named("a"), named("b"), named("c"), named("d")])).toEqual([404, 404, 404, 429]);
  expect((await ask("/api/v2/status", MCP_TOKEN)).status).toBe(200);
});

it("never limits the probes", async () => {
  const { ask, statuses } = await listening();
  expect(await statuses(times(10, () => ask("/healthz", undefined)))).toEqual(times(10, 200));
});

it("does not even look at tokens from where too many wrong ones came, but at those that were good before", async () => {
  const { ask, statuses, authenticated } = await listening();
  expect((await ask("/api/v2/status", TOKEN)).status).toBe(200);
  expect(await statuses(times(4, () => ask("/api/v2/status", "wrong")))).toEqual([401, 401, 429, 429]);
  const looked = authenticated();
  expect((await ask("/api/v2/status", MCP_TOKEN)).status).toBe(429);
  expect(authenticated()).toBe(looked);
  expect((await ask("/api/v2/status", TOKEN)).status).toBe(200);
});

it("takes a missing token for no guess", async () => {
  const { ask, statuses } = await listening();
  expect(await statuses(times(5, () => ask("/api/v2/status", undefined)))).toEqual(times(5, 401));
  expect((await ask("/api/v2/status", TOKEN)).status).toBe(200);
});

it("does not count a second time what the process asks of itself for a caller, but what that writes; no header from outside looks like it", async () => {
  const { api, ask, statuses } = await listening();
  const inside = async () => (await api.ask("GET", "/api/v2/status")).status;
  expect([await inside(), await inside(), await inside(), await inside()]).toEqual([200, 200, 200, 200]);
  const disguised = { headers: { "user-agent": "lightMyRequest", "x-forwarded-for": "127.0.0.1" } };
  expect(await statuses(times(4, () => ask("/api/v2/status", TOKEN, disguised)))).toEqual([200, 200, 200, 429]);
  const write = async () => (await api.ask("POST", "/api/v2/pause", { body: { why: "x" } })).status;
  expect([await write(), await write(), await write()]).toEqual([200, 200, 429]);
});

it.each([
  ["2001:db8::1", "2001:db8::2", true],
  ["2001:db8:0:0:1::1", "2001:db8::2", true],
  ["2001:db8:0:1::1", "2001:db8::2", false],
  ["::ffff:10.0.0.1", "::ffff:10.0.0.2", false],
])("takes %s and %s for one place: %s", (a, b, same) => {
  expect(addressOf(a) === addressOf(b)).toBe(same);
});
