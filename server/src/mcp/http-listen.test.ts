import { describe, expect, it } from "vitest";
import { type Backend, Refusal } from "./backend.ts";
import { followedBy, mayFollow, whileAllowed } from "./http-listen.ts";

const listen = (...resourceSubscriptions: readonly string[]) => ({
  jsonrpc: "2.0",
  id: 7,
  method: "subscriptions/listen",
  params: { notifications: { resourceSubscriptions } },
});

/** Lets read only what is about inc-1. */
const ofOne: Backend = {
  get: async (path) => {
    if (path === "/api/v2/incidents/inc-1" || path === "/api/v2/incidents") return { items: [] };
    throw new Refusal(403, "ada may not get incidents.kintsugi.dev in namespace bank");
  },
  post: async () => ({}),
};

describe("following over HTTP", () => {
  it("is read off the request", () => {
    expect(followedBy(listen("incident://inc-1"))).toEqual({ id: 7, uris: ["incident://inc-1"] });
    expect(followedBy({ ...listen(), params: { notifications: { resourcesListChanged: true } } })).toEqual({ id: 7, uris: [] });
    for (const other of [undefined, [], { ...listen(), method: "tools/list" }, { ...listen(), params: {} }]) expect(followedBy(other)).toBeUndefined();
  });

  it("is for who may read it", async () => {
    await mayFollow(ofOne, { id: 1, uris: ["incident://inc-1"] });
    await expect(mayFollow(ofOne, { id: 1, uris: ["incident://inc-1", "incident://inc-2"] })).rejects.toMatchObject({ status: 403 });
    for (const uri of ["file:///etc/passwd", "constructor", "__proto__", "toString"]) {
      await expect(mayFollow(ofOne, { id: 1, uris: [uri] })).rejects.toMatchObject({ status: 404 });
    }
    await expect(mayFollow(ofOne, { id: 1, uris: Array.from({ length: 101 }, () => "incident://inc-1") })).rejects.toMatchObject({ status: 400 });
  });

  it("ends when the credential has ended, and not because nobody answers", async () => {
    const answers = [503, 0, 401];
    const asked: number[] = [];
    const ending: Backend = {
      ...ofOne,
      get: async () => {
        const status = answers[asked.length] ?? 401;
        asked.push(status);
        throw new Refusal(status, "no");
      },
    };
    await whileAllowed(ending, { id: 1, uris: ["incident://inc-1"] }, new AbortController().signal, 1);
    expect(asked).toEqual(answers);
  });
});
