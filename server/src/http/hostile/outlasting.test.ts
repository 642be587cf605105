/** Streams that outlast the credential or the right with which they were begun. */
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AccessUnavailable } from "../../access/access.ts";
import type { Caller } from "../../access/caller.ts";
import { draft, openIncident } from "../../adapters/testing/records.ts";
import { type ApiUnderTest, apiUnderTest } from "../testing/api-under-test.ts";

const BEAT_MS = 15_000;

/** What the cluster would say, as it changes under the tests' hands. */
const cluster = { token: "known" as "known" | "revoked" | "silent" | "somebody else's", right: "allowed" as "allowed" | "denied" | "unknown" };

async function whoIs(token: string): Promise<Caller | undefined> {
  if (cluster.token === "silent") throw new AccessUnavailable("the API server does not answer");
  if (cluster.token === "revoked") return undefined;
  const name = cluster.token === "somebody else's" ? "bob" : token;
  return { name, groups: [], identity: "proven", audience: "api" };
}

let api: ApiUnderTest;
let base: string;
beforeEach(async () => {
  Object.assign(cluster, { token: "known", right: "allowed" });
  // Beats alone are moved by hand: sockets keep their own time.
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  api = await apiUnderTest({ access: { hint: "", authenticate: whoIs, may: async () => cluster.right } });
  await api.app.listen({ host: "127.0.0.1", port: 0 });
  base = `http://127.0.0.1:${(api.app.server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  vi.useRealTimers();
  await api.close();
});

async function happen(id: string): Promise<void> {
  api.engine.stored(await api.ledger.append([draft(openIncident(id))]));
}

const open = (name = "ada") => fetch(`${base}/api/v2/events?after=0`, { headers: { authorization: `Bearer ${name}` } });

/** Everything that comes until the stream ends, or until the text is in it. */
async function read(response: Response, until?: string): Promise<{ readonly text: string; readonly ended: boolean }> {
  let text = "";
  const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return { text, ended: true };
    text += value;
    if (until !== undefined && text.includes(until)) {
      reader.releaseLock();
      return { text, ended: false };
    }
  }
}

describe("the event stream", () => {
  it("goes on while its credential is good", async () => {
    const response = await open();
    vi.advanceTimersByTime(BEAT_MS);
    expect(await read(response, ": alive")).toMatchObject({ ended: false });
  });

  it.each(["revoked", "silent", "somebody else's"] as const)("ends at its next beat when the credential is %s", async (token) => {
    const response = await open();
    cluster.token = token;
    vi.advanceTimersByTime(BEAT_MS);
    const { text, ended } = await read(response);
    expect([ended, text.includes("alive")]).toEqual([true, false]);
  });

  it("shows nothing more once the right to it is gone", async () => {
    const response = await open();
    cluster.right = "denied";
    await happen("inc-1");
    vi.advanceTimersByTime(BEAT_MS);
    expect((await read(response, ": alive")).text).not.toContain("inc-1");
  });

  it("ends where it cannot be told what may be seen, and leaves nothing out when it is begun again", async () => {
    const response = await open();
    cluster.right = "unknown";
    await happen("inc-1");
    const { text, ended } = await read(response);
    expect([ended, text.includes("inc-1")]).toEqual([true, false]);
    cluster.right = "allowed";
    expect((await read(await open(), "inc-1")).text).toContain("id: 1");
  });

  it("leaves places for others, whoever opens many", async () => {
    const mine = await Promise.all(Array.from({ length: 16 }, () => open("mallory")));
    expect(mine.every(({ status }) => status === 200)).toBe(true);
    expect((await open("mallory")).status).toBe(429);
    expect((await open("ada")).status).toBe(200);
  });
});
