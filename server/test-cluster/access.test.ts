/** Who may enter and what they may do, by the tokens and the RBAC of a real API server. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Record } from "@kintsugi/core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { engineKubeconfig, forgetEngines, freeLease } from "./harness/accounts.ts";
import { AuditLog, ENGINE_USER } from "./harness/audit.ts";
import { Credentials } from "./harness/credentials.ts";
import { Person, until } from "./harness/person.ts";
import { place } from "./harness/place.ts";
import { Served } from "./harness/served.ts";
import { Stage } from "./harness/stage.ts";

const RBAC = "rbac.authorization.k8s.io";

const here = place();
const person = new Person({ type: "kubeconfig", paths: [here.kubeconfig] });
const folder = mkdtempSync(join(tmpdir(), "kintsugi-access-"));
const audit = new AuditLog(here.auditLog);
const credentials = new Credentials(person);
let kubeconfig: string;

beforeAll(async () => {
  kubeconfig = await engineKubeconfig(person, here, folder);
});
beforeEach(() => freeLease(person));
afterAll(async () => {
  await credentials.forget();
  await forgetEngines(person, here);
  await person.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Asks the API with a token. */
async function ask(served: Served, bearer: string, method: "GET" | "POST", path: string, body?: object) {
  const headers = { authorization: `Bearer ${bearer}`, ...(body === undefined ? {} : { "content-type": "application/json" }) };
  const reply = await fetch(`${served.api.url}/api/v2${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, looked into by the story
  return { status: reply.status, json: (await reply.json()) as any };
}

/** Breaks the selector of a Service that is known to be well; returns its incident and the plan that waits. */
async function broken(served: Served, stage: Stage) {
  const deployment = await stage.deploy("cart");
  const service = await stage.serve("cart");
  await stage.well(deployment);
  await until("the good selector is known", () => served.knows(service));
  await stage.patch(service, { spec: { selector: { app: "nobody" } } });
  return until("its cure is proposed", async () => {
    const incident = await served.incident(service);
    return incident?.phase === "awaiting" && { service, id: incident.id, planHash: incident.proposal.plan.hash };
  });
}

describe("on a real API server", () => {
  it("each may do what RBAC gives them, an assistant less, and the ledger names who approved", async () => {
    const policy = { mode: "suggest", rules: [] };
    const served = await Served.start({ kubeconfig, folder: join(folder, "serve"), act: true, policy, flags: ["--auth", "token,kubernetes"] });
    try {
      await Stage.open(
        "access",
        here,
        person,
        (stage) =>
          Stage.open(
            "elsewhere",
            here,
            person,
            async (elsewhere) => {
              await credentials.account(stage, "viewer", "kintsugi-viewer", "everywhere");
              await credentials.account(stage, "approver", "kintsugi-approver", "here");
              await credentials.account(stage, "root", "cluster-admin", "everywhere");
              const [viewer, approver, root, assistant] = await Promise.all([
                credentials.token(stage, "viewer", "kintsugi"),
                credentials.token(stage, "approver", "kintsugi"),
                credentials.token(stage, "root", "kintsugi"),
                credentials.token(stage, "root", "kintsugi-mcp"),
              ]);
              const mine = await broken(served, stage);
              const theirs = await broken(served, elsewhere);
              const approve = (bearer: string, { id, planHash }: typeof mine) => ask(served, bearer, "POST", `/incidents/${id}/approve`, { planHash });
              const seenBy = async (bearer: string) =>
                (await ask(served, bearer, "GET", "/incidents")).json.items.map(({ id }: { id: string }) => id).toSorted();

              // A viewer sees all and decides nothing.
              expect(await seenBy(viewer)).toEqual([mine.id, theirs.id].toSorted());
              expect((await approve(viewer, mine)).status).toBe(403);
              // Whoever approves in one namespace sees and decides there alone, and learns of no other which incidents it has.
              expect(await seenBy(approver)).toEqual([mine.id]);
              const elsewhereToo = await approve(approver, theirs);
              expect(elsewhereToo).toMatchObject({ status: 403, json: { detail: expect.stringContaining("approve remediations.kintsugi.dev") } });
              expect(JSON.stringify(elsewhereToo.json)).not.toContain(elsewhere.namespace);
              // The credential of an assistant is no admin's, although an admin owns it.
              expect(await seenBy(assistant)).toEqual([mine.id, theirs.id].toSorted());
              expect(await approve(assistant, mine)).toMatchObject({ status: 403, json: { detail: expect.stringContaining("whoever owns it") } });
              expect((await ask(served, assistant, "POST", "/resume", { why: "go on" })).status).toBe(403);
              // Tokens that were made for somebody else are nobody's, the API server's own too.
              for (const audiences of [[], ["grafana"]])
                expect((await ask(served, await credentials.token(stage, "root", ...audiences), "GET", "/incidents")).status).toBe(401);
              expect((await ask(served, `${root}x`, "GET", "/incidents")).status).toBe(401);
              // Made for both it is the narrower.
              expect((await approve(await credentials.token(stage, "root", "kintsugi", "kintsugi-mcp"), mine)).status).toBe(403);

              expect((await approve(approver, mine)).status).toBe(200);
              const healed = await until("it is healed", async () => {
                const incident = await served.incident(mine.service);
                return incident?.phase === "resolved" && incident;
              });
              const name = `system:serviceaccount:${stage.namespace}:approver`;
              expect(healed).toMatchObject({
                how: "healed",
                attempts: [{ approvedBy: name, backers: [{ name, type: "person", proven: true, how: "approved" }] }],
              });
              const { items } = await served.get<{ items: readonly Record[] }>(`/records?type=incident&incident=${mine.id}&limit=200`);
              expect(items.filter(({ actor }) => actor.type === "person").map(({ actor }) => actor)).toEqual([{ type: "person", name, proven: true }]);

              // What is taken away is away: the right at once, as soon as the API server knows, and the account within seconds.
              await person.remove(`${RBAC}/v1`, "RoleBinding", stage.namespace, "approver");
              // What has ended cannot be denied: with the right it is a conflict, without it a refusal.
              const deny = () => ask(served, approver, "POST", `/incidents/${mine.id}/deny`, { why: "a try" });
              await until("the right is gone", async () => (await deny()).status === 403, 10_000);
              await person.remove("v1", "ServiceAccount", stage.namespace, "viewer");
              await until("the account is gone", async () => (await ask(served, viewer, "GET", "/status")).status === 401, 30_000);

              if (audit.sees) {
                const questions = audit.questionsOf(ENGINE_USER).filter(({ code }) => code === 201);
                expect(new Set(questions.map(({ verb, resource }) => `${verb} ${resource}`))).toEqual(
                  new Set(["create tokenreviews", "create subjectaccessreviews"]),
                );
                const written = audit.doneBy(ENGINE_USER).map(({ verb, resource, namespace }) => `${verb} ${resource} ${namespace}`);
                expect(written.filter((write) => write.includes("services"))).toEqual([`patch services ${stage.namespace}`]);
              }
              for (const secret of [viewer, approver, root, assistant]) expect(served.said).not.toContain(secret);
            },
            { untilGone: true },
          ),
        { untilGone: true },
      );
    } finally {
      await served.stop();
    }
  });
});
