/** Who may enter and what they may do by the word of an API server: over HTTP, against one that answers by a script. */
import type { ServerResponse } from "node:http";
import { UnsecuredJWT } from "jose";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createKubernetes, type Kubernetes } from "../adapters/kubernetes/index.ts";
import { kubeconfigFor, temporaryFolder } from "../adapters/kubernetes/testing/kubeconfig-file.ts";
import { answer, answerStatus, ScriptedApiServer } from "../adapters/kubernetes/testing/scripted-api-server.ts";
import { AccessUnavailable } from "./access.ts";
import type { Caller } from "./caller.ts";
import { chainAccess } from "./chain.ts";
import { clusterRights } from "./cluster-rights.ts";
import { embeddedAccess } from "./embedded.ts";
import type { Right } from "./right.ts";
import { tokenReviewAccess } from "./token-review.ts";

interface Json {
  // biome-ignore lint/suspicious/noExplicitAny: bodies of reviews, looked into by the tests
  readonly [field: string]: any;
}

let server: ScriptedApiServer;
let folder: ReturnType<typeof temporaryFolder>;
let kubernetes: Kubernetes;
let now: number;
/** Bodies of the reviews that were asked, by the last part of their path. */
let reviews: { readonly resource: string; readonly body: Json }[];

beforeEach(async () => {
  server = await ScriptedApiServer.start();
  folder = temporaryFolder();
  now = Date.parse("2026-03-01T12:00:00Z");
  reviews = [];
  kubernetes = createKubernetes({
    source: { type: "kubeconfig", paths: [folder.file("config", kubeconfigFor(server.url, "{token: own-token}"))] },
    ...{ identity: "engine-1", random: () => 0, now: () => now, monotonic: () => performance.now(), requestTimeoutMs: 1_000 },
  });
});
afterEach(async () => {
  await kubernetes.close();
  await server.close();
  folder.remove();
});

/** The API server answers reviews so. */
function answers(given: { readonly token?: (spec: Json) => Json | number; readonly access?: (spec: Json) => Json | number }): void {
  const send = (response: ServerResponse, said: Json | number | undefined): boolean => {
    if (said === undefined) return false;
    if (typeof said === "number") answerStatus(response, said, "Failure", "it says no");
    else answer(response, 201, { status: said });
    return true;
  };
  server.script = ({ path, body }, response) => {
    const resource = path.split("/").at(-1) ?? "";
    if (resource !== "tokenreviews" && resource !== "subjectaccessreviews") return false;
    const parsed = JSON.parse(body) as Json;
    reviews.push({ resource, body: parsed });
    return send(response, (resource === "tokenreviews" ? given.token : given.access)?.(parsed["spec"]));
  };
}

const ADA = { username: "ada", uid: "u-1", groups: ["ops", "system:authenticated"], extra: { "example.org/scopes": ["a", "b"] } };
const known = (audiences: readonly string[]) => ({ token: () => ({ authenticated: true, user: ADA, audiences }) });
const identity = () => tokenReviewAccess({ ownerOf: kubernetes.ownerOf, now: () => now });

describe("a token that the API server is asked about", () => {
  test("is its owner's, with groups, uid and extra as the API server names them", async () => {
    answers(known(["kintsugi"]));
    expect(await identity().authenticate("tok-1")).toEqual({
      ...{ name: "ada", uid: "u-1", groups: ADA.groups, extra: ADA.extra },
      ...{ identity: "proven", audience: "api" },
    });
    expect(reviews).toEqual([
      {
        resource: "tokenreviews",
        body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec: { token: "tok-1", audiences: ["kintsugi", "kintsugi-mcp"] } },
      },
    ]);
  });

  test.each([
    ["made for MCP is an assistant's", ["kintsugi-mcp"], "mcp"],
    ["made for both is the narrower", ["kintsugi", "kintsugi-mcp"], "mcp"],
    ["made for the API server is nobody's here", ["https://kubernetes.default.svc"], undefined],
    ["of a server that knows no audiences is nobody's here", [], undefined],
  ])("%s", async (_, audiences, audience) => {
    answers(known(audiences));
    expect((await identity().authenticate("tok-1"))?.audience).toBe(audience);
  });

  test("is nobody's when it is refused, and when nobody is named", async () => {
    answers({ token: () => ({ authenticated: false, error: "[invalid bearer token, tok-1 has expired]" }) });
    expect(await identity().authenticate("tok-1")).toBeUndefined();
    answers({ token: () => ({ authenticated: true, user: {}, audiences: ["kintsugi"] }) });
    expect(await identity().authenticate("tok-1")).toBeUndefined();
  });

  test.each([
    ["is not well", 500],
    ["is overloaded", 429],
    ["does not let us ask", 403],
  ])("is not known to be anybody's while the API server %s: nobody is let in, and it is no refusal", async (_, status) => {
    answers({ token: () => status });
    const error = await identity()
      .authenticate("tok-verysecret")
      .then(String, (thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AccessUnavailable);
    expect(String(error)).not.toContain("verysecret");
    if (status === 403) expect(String(error)).toContain("kintsugi rbac");
  });

  test("is not asked about while nobody answers", async () => {
    await server.close();
    await expect(identity().authenticate("tok-1")).rejects.toBeInstanceOf(AccessUnavailable);
  });

  test("is believed for 10 s, then asked about again; refusals for 2 s, failures not at all", async () => {
    answers(known(["kintsugi"]));
    const access = identity();
    await access.authenticate("tok-1");
    now += 9_999;
    await access.authenticate("tok-1");
    expect(reviews).toHaveLength(1);
    now += 1;
    answers({ token: () => ({ authenticated: false }) });
    expect(await access.authenticate("tok-1")).toBeUndefined();
    now += 1_999;
    expect(await access.authenticate("tok-1")).toBeUndefined();
    expect(reviews).toHaveLength(2);
    now += 1;
    answers({ token: () => 500 });
    await expect(access.authenticate("tok-1")).rejects.toBeInstanceOf(AccessUnavailable);
    answers(known(["kintsugi"]));
    expect(await access.authenticate("tok-1")).toBeDefined();
  });

  test("is never believed for longer than it lives", async () => {
    answers(known(["kintsugi"]));
    const access = identity();
    const token = new UnsecuredJWT({ exp: now / 1_000 + 3 }).encode();
    await access.authenticate(token);
    now += 2_999;
    await access.authenticate(token);
    expect(reviews).toHaveLength(1);
    now += 1;
    await access.authenticate(token);
    expect(reviews).toHaveLength(2);
  });
});

const ada: Caller = { name: "ada", groups: ["ops"], uid: "u-1", extra: { scopes: ["a"] }, identity: "proven", audience: "api" };
const read: Right = { resource: "incidents", verb: "list", namespace: "shop" };
const write: Right = { resource: "remediations", verb: "approve", namespace: "shop" };

describe("a right that the API server is asked about", () => {
  let monotonic = 0;
  const rights = () => clusterRights({ mayUser: kubernetes.mayUser, monotonic: () => monotonic });

  test("is asked for the caller, whole, on a virtual resource in the namespace", async () => {
    answers({ access: () => ({ allowed: true }) });
    expect(await rights().may(ada, write)).toBe("allowed");
    expect(reviews).toEqual([
      {
        resource: "subjectaccessreviews",
        body: {
          apiVersion: "authorization.k8s.io/v1",
          kind: "SubjectAccessReview",
          spec: {
            ...{ user: "ada", groups: ["ops"], uid: "u-1", extra: { scopes: ["a"] } },
            resourceAttributes: { group: "kintsugi.dev", resource: "remediations", verb: "approve", namespace: "shop" },
          },
        },
      },
    ]);
  });

  test.each([
    ["denied, when it says no", { allowed: false }, "denied"],
    ["unknown, when an authorizer failed that might have said yes", { allowed: false, evaluationError: "webhook is down" }, "unknown"],
    ["allowed, when one said yes and another failed", { allowed: true, evaluationError: "webhook is down" }, "allowed"],
    ["unknown, when it says nothing", {}, "unknown"],
    ["unknown, when it fails", 500, "unknown"],
    ["unknown, when it does not let us ask", 403, "unknown"],
  ] as const)("is %s", async (_, said, expected) => {
    answers({ access: () => said });
    expect(await rights().may(ada, write)).toBe(expected);
  });

  test("to read is believed for 10 s, of that caller and in that namespace alone", async () => {
    answers({ access: () => ({ allowed: true }) });
    const access = rights();
    await access.may(ada, read);
    await access.may(ada, read);
    monotonic += 9_999;
    await access.may(ada, read);
    expect(reviews).toHaveLength(1);
    for (const other of [
      { ...ada, name: "bob" },
      { ...ada, groups: [] },
      { ...ada, uid: "u-2" },
    ])
      await access.may(other, read);
    await access.may(ada, { ...read, namespace: "bank" });
    await access.may(ada, { ...read, verb: "get" } as Right);
    expect(reviews).toHaveLength(6);
    monotonic += 1;
    await access.may(ada, read);
    expect(reviews).toHaveLength(7);
  });

  test("to write is asked every time: what is taken away is away at once", async () => {
    const access = rights();
    for (const verb of ["approve", "deny", "undo", "create"] as const) {
      answers({ access: () => ({ allowed: true }) });
      expect(await access.may(ada, { ...write, verb } as Right)).toBe("allowed");
      answers({ access: () => ({ allowed: false }) });
      expect(await access.may(ada, { ...write, verb } as Right)).toBe("denied");
    }
  });

  test("that could not be told is asked again", async () => {
    answers({ access: () => 500 });
    const access = rights();
    expect(await access.may(ada, read)).toBe("unknown");
    answers({ access: () => ({ allowed: true }) });
    expect(await access.may(ada, read)).toBe("allowed");
  });

  test("in many namespaces at once does not flood the API server", async () => {
    let open = 0;
    let most = 0;
    server.script = (_asked, response) => {
      most = Math.max(most, ++open);
      setImmediate(() => {
        open--;
        answer(response, 201, { status: { allowed: true } });
      });
      return true;
    };
    const access = rights();
    const all = await Promise.all(Array.from({ length: 300 }, (_, n) => access.may(ada, { ...read, namespace: `n-${n}` })));
    expect(all.every((said) => said === "allowed")).toBe(true);
    expect(most).toBeLessThanOrEqual(16);
  });

  test("asked by one who asks about everything leaves the others their answers", async () => {
    server.script = (_asked, response) => {
      answer(response, 201, { status: { allowed: true } });
      return true;
    };
    const access = rights();
    const many = Array.from({ length: 5_100 }, (_, n) => access.may({ ...ada, name: "mallory" }, { ...read, namespace: `n-${n}` }));
    expect(await access.may(ada, read)).toBe("allowed");
    expect((await Promise.all(many)).filter((said) => said === "unknown")).toHaveLength(3_100);
  });
});

describe("several ways in", () => {
  const tokens = embeddedAccess({ api: "a".repeat(43), mcp: "m".repeat(43) });
  const chained = (embedded: boolean) =>
    chainAccess({
      ...(embedded ? { embedded: tokens } : {}),
      identities: [identity()],
      rights: clusterRights({ mayUser: kubernetes.mayUser, monotonic: () => 0 }),
    });

  test("a generated token is never shown to the API server, and needs no right in it", async () => {
    answers(known(["kintsugi"]));
    const access = chained(true);
    const caller = await access.authenticate("m".repeat(43));
    expect(caller).toMatchObject({ audience: "mcp", identity: "claimed" });
    expect(await access.may(caller as Caller, read)).toBe("allowed");
    expect(reviews).toEqual([]);
  });

  test("who is proven needs the right, whatever they are called", async () => {
    answers({ token: () => ({ authenticated: true, user: { username: "token" }, audiences: ["kintsugi"] }), access: () => ({ allowed: false }) });
    const access = chained(true);
    const caller = await access.authenticate("tok-1");
    expect(caller).toMatchObject({ name: "token", identity: "proven" });
    expect(await access.may(caller as Caller, read)).toBe("denied");
  });

  test("where no generated token opens it, none does", async () => {
    answers({ token: () => ({ authenticated: false }) });
    const access = chained(false);
    expect(await access.authenticate("a".repeat(43))).toBeUndefined();
    expect(await access.may({ ...ada, identity: "claimed" }, read)).toBe("denied");
  });
});
