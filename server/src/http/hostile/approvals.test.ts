/** Approvals that somebody sends again, makes up or sends too late, on a whole engine: the cluster is written to once for each that a person gave, or not at all. */
import type { Incident, Ref } from "@kintsugi/core";
import { Person } from "@kintsugi/sim";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type SimulatedPlatform, simulatedPlatform } from "../../testing/simulated-platform.ts";

const MINUTE_MS = 60_000;

let platform: SimulatedPlatform;
beforeEach(async () => {
  platform = await simulatedPlatform({ faults: ["image-not-found", "selector-mismatch"], policy: { rules: [] } });
});
afterEach(() => platform[Symbol.asyncDispose]());

interface Told {
  readonly status: number;
  readonly detail: string;
}

async function post(path: string, body: object, token?: string): Promise<Told> {
  const headers = { "content-type": "application/json", ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
  const answer = await platform.ask(`/api/v2/incidents/${path}`, { method: "POST", body: JSON.stringify(body), headers });
  const { detail = "", text = "" } = (await answer.json()) as { detail?: string; text?: string };
  return { status: answer.status, detail: detail + text };
}

const approve = (id: string, planHash: string, more: object = {}, token?: string): Promise<Told> => post(`${id}/approve`, { planHash, ...more }, token);

function now({ id }: Pick<Incident, "id">): Incident {
  const found = platform.opened.platform.engine.incident(id);
  if (found === undefined) throw new Error(`${id} is gone`);
  return found;
}

function hashOf(incident: Incident): string {
  if (incident.phase !== "awaiting") throw new Error(`${incident.id} is ${incident.phase}`);
  return incident.proposal.plan.hash;
}

async function isAwaiting(incident: Pick<Incident, "id">): Promise<Incident> {
  for (let minutes = 0; minutes < 60; minutes++) {
    if (now(incident).phase === "awaiting") return now(incident);
    await platform.pass(MINUTE_MS);
  }
  throw new Error(`${incident.id} is ${now(incident).phase}`);
}

/** What the API server let the engine write, dry runs left out. */
const written = (): readonly Ref[] => platform.play.cluster.world.audit.engineWrites().map(({ ref }) => ref);

describe("an approval that is sent again", () => {
  it("does nothing more while the first is carried out, nor after it has healed", async () => {
    const incident = await platform.reaches("awaiting");
    const hash = hashOf(incident);
    const answers = await Promise.all(Array.from({ length: 5 }, () => approve(incident.id, hash)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409, 409]);
    await platform.pass(MINUTE_MS);
    expect((await approve(incident.id, hash)).status).toBe(409);
    await platform.pass(30 * MINUTE_MS);
    expect(now(incident)).toMatchObject({ phase: "resolved", how: "healed" });
    expect(await approve(incident.id, hash)).toMatchObject({ status: 409, detail: expect.stringContaining("not awaiting a decision") });
    expect(written()).toHaveLength(1);
  });

  it("does nothing after it was undone", async () => {
    const incident = await platform.reaches("awaiting");
    const hash = hashOf(incident);
    await approve(incident.id, hash);
    await platform.pass(20 * MINUTE_MS);
    expect((await post(`${incident.id}/undo`, { why: "it was meant" })).status).toBe(200);
    await platform.pass(5 * MINUTE_MS);
    expect((await approve(incident.id, hash)).status).toBe(409);
    await platform.pass(20 * MINUTE_MS);
    expect(written().filter(({ name }) => name === incident.subject.name)).toHaveLength(2);
  });

  it("does nothing after it was denied", async () => {
    const incident = await platform.reaches("awaiting");
    const hash = hashOf(incident);
    expect((await post(`${incident.id}/deny`, { why: "we look at it" })).status).toBe(200);
    expect((await approve(incident.id, hash)).status).toBe(409);
    await platform.pass(20 * MINUTE_MS);
    expect(written()).toEqual([]);
  });

  it("does not carry over to a plan that became another one", async () => {
    const incident = await platform.reaches("awaiting");
    const hash = hashOf(incident);
    // Somebody rolls out something else that is broken too: the plan's preconditions are of another revision.
    new Person(platform.play.cluster.world, "mallory").setImage(incident.subject, "registry.example/nobody/else:0");
    await platform.pass(5 * MINUTE_MS);
    expect((await approve(incident.id, hash)).status).toBe(409);
    expect(written()).toEqual([]);
    await post(`${incident.id}/propose`, {});
    await platform.pass(5 * MINUTE_MS);
    expect((await approve(incident.id, hash)).status).toBe(409);
    await platform.pass(20 * MINUTE_MS);
    expect(written()).toEqual([]);
  });

  it("does nothing for another incident", async () => {
    await platform.pass(10 * MINUTE_MS);
    const [first, second] = [await isAwaiting({ id: "inc-1" }), await isAwaiting({ id: "inc-2" })];
    expect(hashOf(first)).not.toBe(hashOf(second));
    expect(await approve(second.id, hashOf(first))).toMatchObject({ status: 409, detail: expect.stringContaining("look at it again") });
    expect(await approve("inc-99", hashOf(first))).toMatchObject({ status: 404 });
    await platform.pass(20 * MINUTE_MS);
    expect(written()).toEqual([]);
  });
});

describe("an approval that is made up", () => {
  it.each([
    ["with a hash of nothing", "0".repeat(64), 409],
    ["with the beginning of the right hash", "", 400],
    ["with a hash in capitals", "A".repeat(64), 400],
  ])("%s does nothing", async (_what, made, status) => {
    const incident = await platform.reaches("awaiting");
    expect((await approve(incident.id, made === "" ? hashOf(incident).slice(0, 12) : made)).status).toBe(status);
    await platform.pass(20 * MINUTE_MS);
    expect(written()).toEqual([]);
  });

  it("by an assistant does nothing, whatever it says of itself", async () => {
    const incident = await platform.reaches("awaiting");
    const hash = hashOf(incident);
    for (const more of [{}, { elicited: true }, { by: "ada" }, { proven: true }]) {
      expect((await approve(incident.id, hash, more, platform.mcpToken)).status, JSON.stringify(more)).toBeOneOf([400, 403]);
    }
    const headers = { authorization: `Bearer ${platform.mcpToken}`, "content-type": "application/json", "x-kintsugi-actor": "ada" };
    const asAda = await platform.ask(`/api/v2/incidents/${incident.id}/approve`, { method: "POST", body: JSON.stringify({ planHash: hash }), headers });
    expect(asAda.status).toBe(403);
    await platform.pass(20 * MINUTE_MS);
    expect(written()).toEqual([]);
    expect(now(incident)).toMatchObject({ phase: "awaiting" });
  });

  it("by nobody does nothing", async () => {
    const incident = await platform.reaches("awaiting");
    for (const token of ["", "x".repeat(43), `${platform.token}x`]) expect((await approve(incident.id, hashOf(incident), {}, token)).status).toBe(401);
    await platform.pass(20 * MINUTE_MS);
    expect(written()).toEqual([]);
  });
});

describe("an approval that comes too late", () => {
  it("does nothing once the proposal has expired, and counts again for one that was put anew", async () => {
    const incident = await platform.reaches("awaiting");
    const hash = hashOf(incident);
    // New evidence puts an expired proposal anew, once: the pods' back-off has begun meanwhile.
    await platform.pass(130 * MINUTE_MS);
    expect(now(incident).phase).toBe("held");
    expect((await approve(incident.id, hash)).status).toBe(409);
    expect(written()).toEqual([]);
    await post(`${incident.id}/propose`, {});
    await isAwaiting(incident);
    expect((await approve(incident.id, hashOf(now(incident)))).status).toBe(200);
    await platform.pass(20 * MINUTE_MS);
    expect(written()).toHaveLength(1);
  });
});
