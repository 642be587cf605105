/** A client that was written for the reference contract, against the program on a real cluster with a bad rollout under way. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { ReferenceClient } from "../src/http/v1/testing/reference-client.ts";
import { referenceJourney } from "../src/http/v1/testing/reference-journey.ts";
import { engineKubeconfig, forgetEngines, freeLease } from "./harness/accounts.ts";
import { AuditLog, ENGINE_USER } from "./harness/audit.ts";
import { Person, until } from "./harness/person.ts";
import { place } from "./harness/place.ts";
import { Served } from "./harness/served.ts";
import { PROBE, Stage } from "./harness/stage.ts";

const here = place();
const person = new Person({ type: "kubeconfig", paths: [here.kubeconfig] });
const folder = mkdtempSync(join(tmpdir(), "kintsugi-legacy-"));
const audit = new AuditLog(here.auditLog);

afterAll(async () => {
  await forgetEngines(person, here);
  await person.close();
  rmSync(folder, { recursive: true, force: true });
});

it("finds every route as it was promised, and approves nothing by all that it asks", async () => {
  const kubeconfig = await engineKubeconfig(person, here, folder);
  await freeLease(person);
  const served = await Served.start({ kubeconfig, folder: join(folder, "serve"), act: true, policy: { mode: "suggest", rules: [] } });
  try {
    await Stage.open(
      "legacy",
      here,
      person,
      async (stage) => {
        const deployment = await stage.deploy("cart", { container: { readinessProbe: PROBE } });
        await stage.well(deployment);
        await until("what is good is known", () => served.knows(deployment));
        await stage.rollOut(deployment, { command: ["/bin/no-such-program"] });
        await until("its cure is proposed", async () => (await served.incident(deployment))?.phase === "awaiting");
        const target = { kind: "Deployment", namespace: stage.namespace, name: "cart" };
        const visited = await referenceJourney(new ReferenceClient(served.api.url, served.api.token), target);
        expect(visited.filter(({ ok }) => !ok)).toEqual([]);
        expect(visited.length).toBeGreaterThan(30);
        expect(await until("it waits as before", async () => (await served.incident(deployment))?.phase === "awaiting")).toBe(true);
        expect(audit.doneBy(ENGINE_USER, stage.namespace)).toEqual([]);
      },
      { untilGone: true },
    );
  } finally {
    await served.stop();
  }
});
