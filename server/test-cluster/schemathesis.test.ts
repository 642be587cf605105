/** The program on a real cluster, asked by Schemathesis whatever its OpenAPI document allows and forbids. It only looks: acting is off. */
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fastify from "fastify";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { engineKubeconfig, forgetEngines } from "./harness/accounts.ts";
import { AuditLog, ENGINE_USER } from "./harness/audit.ts";
import { Person, until } from "./harness/person.ts";
import { place } from "./harness/place.ts";
import { Served } from "./harness/served.ts";
import { Stage } from "./harness/stage.ts";
import { attack } from "./schemathesis/attack.ts";

/** Of asking; installing the program for the first time comes before. */
const SECONDS = 45;

const here = place();
const person = new Person({ type: "kubeconfig", paths: [here.kubeconfig] });
const folder = mkdtempSync(join(tmpdir(), "kintsugi-schemathesis-test-"));
const audit = new AuditLog(here.auditLog);
let served: Served;

beforeAll(async () => {
  served = await Served.start({ kubeconfig: await engineKubeconfig(person, here, folder), folder: join(folder, "home"), act: false });
});

afterAll(async () => {
  await served?.stop();
  await forgetEngines(person, here);
  await person.close();
  rmSync(folder, { recursive: true, force: true });
});

it("an API that answers otherwise than it says is found out", async () => {
  const answers = (schema: object) => ({ 200: { description: "", content: { "application/json": { schema } } } });
  const paths = {
    "/lies": { get: { responses: answers({ type: "object", required: ["count"], properties: { count: { type: "integer" } } }) } },
    "/breaks": { get: { responses: answers({}) } },
  };
  const liar = fastify();
  liar.get("/api/v2/openapi.json", async () => ({ openapi: "3.1.0", info: { title: "liar", version: "1" }, paths }));
  liar.get("/lies", async () => ({ count: "many" }));
  liar.get("/breaks", async (_request, reply) => reply.code(500).send({}));
  await liar.listen({ host: "127.0.0.1", port: 0 });
  onTestFinished(() => liar.close());
  const url = `http://127.0.0.1:${(liar.server.address() as AddressInfo).port}`;
  const { isClean, text } = await attack({ url, token: "none", incidents: ["inc-1"], seconds: 3 });
  expect(isClean).toBe(false);
  expect(text).toContain("GET /lies");
  expect(text).toContain("GET /breaks");
});

it(`answers as its OpenAPI document says, for ${SECONDS} s`, async () => {
  await Stage.open("schemathesis", here, person, async (stage) => {
    const broken = await stage.deploy("cart", { container: { image: here.missingImage } });
    const incident = await until("its incident is there", async () => {
      const found = await served.incident(broken);
      return found?.phase !== "open" && found;
    });
    const { isClean, text, cases } = await attack({ ...served.api, incidents: [incident.id], seconds: SECONDS });
    expect(isClean, text).toBe(true);
    expect(cases, text).toBeGreaterThan(500);
    console.log(`${cases} requests`);
  });
  expect(audit.writesBy(ENGINE_USER).filter(({ dryRun }) => !dryRun)).toEqual([]);
});
