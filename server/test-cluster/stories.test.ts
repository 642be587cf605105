/** Real workloads, real faults, one engine: each story in its own namespace, judged by the API server's objects and its audit log. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refKey } from "@kintsugi/core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { engineKubeconfig, forgetEngines, freeLease, secondKubeconfig } from "./harness/accounts.ts";
import { AuditLog, accountUser, ENGINE_USER } from "./harness/audit.ts";
import { type Engine, quickPolicy, startEngine } from "./harness/engine.ts";
import { Person } from "./harness/person.ts";
import { place, startRegistry, stopRegistry } from "./harness/place.ts";
import { type Around, Scene } from "./harness/scene.ts";
import { Served } from "./harness/served.ts";
import { keepTimes, type Times, timesTable } from "./harness/times.ts";
import { badRollouts } from "./stories/bad-rollouts.ts";
import { leftAlone } from "./stories/left-alone.ts";
import { ownersAndLimits } from "./stories/owners-and-limits.ts";
import type { Story } from "./stories/story.ts";

vi.setConfig({ maxConcurrency: 30 });

const here = place();
const person = new Person({ type: "kubeconfig", paths: [here.kubeconfig] });
const folder = mkdtempSync(join(tmpdir(), "kintsugi-stories-"));
const audit = new AuditLog(here.auditLog);
const times: Times[] = [];
const told: { readonly story: Story; readonly namespace: string }[] = [];
let engine: Engine;
let onlooker: Served;

/** So many faults at once are a storm, but they are the stories' own. */
const storm = { storm: { owners: 1000 } };
/** The program without `--act`, beside all of the stories, with every right to write. */
const ONLOOKER = "onlooker";

beforeAll(async () => {
  await startRegistry(person, here);
  const first = await engineKubeconfig(person, here, folder);
  await freeLease(person);
  const second = await secondKubeconfig(person, here, folder, ONLOOKER);
  onlooker = await Served.start({ kubeconfig: second, folder: join(folder, ONLOOKER), act: false, policy: storm });
  engine = await startEngine({ kubeconfig: first, policy: quickPolicy(storm) });
}, 120_000);

afterAll(async () => {
  await onlooker?.stop();
  await engine?.stop();
  await stopRegistry(person, here);
  await forgetEngines(person, here);
  await person.close();
  rmSync(folder, { recursive: true, force: true });
  keepTimes(times);
  console.log(`\n${timesTable(times)}`);
}, 60_000);

describe("in a namespace of its own", () => {
  it.concurrent.for([...badRollouts, ...ownersAndLimits, ...leftAlone])("$name", { timeout: 400_000 }, async (story) => {
    const around: Around = { place: here, person, engine, audit, times };
    await Scene.tell(story.id, around, (scene) => {
      told.push({ story, namespace: scene.namespace });
      return story.tell(scene);
    });
  });
});

it("the engine without --act saw it too and wrote nothing", async () => {
  const seen = await onlooker.incidents();
  // What the other engine heals at once, this one may not get to see.
  const escalated = engine.records.flatMap(({ body }) =>
    body.type === "incident" && body.incident.phase === "escalated" ? [refKey(body.incident.subject)] : [],
  );
  expect(escalated.length).toBeGreaterThan(0);
  expect(seen.map(({ subject }) => refKey(subject))).toEqual(expect.arrayContaining(escalated));
  expect(seen.flatMap(({ attempts }) => attempts)).toEqual([]);
  expect(audit.writesBy(accountUser(ONLOOKER)).filter(({ dryRun }) => !dryRun)).toEqual([]);
  // Leases and Events are not in the audit log: the objects tell.
  const lease = await person.get("coordination.k8s.io/v1", "Lease", "kintsugi", "kintsugi");
  expect(lease?.["spec"].holderIdentity).toBe("story");
  const events = await person.list("v1", "Event", "", "?fieldSelector=reportingComponent%3Dkintsugi");
  // Namespaces of finished stories are gone with their Events: those that are left must not be the onlooker's.
  expect(events.map((event) => event["reportingInstance"]).filter((instance) => instance !== "story")).toEqual([]);
});

it.skipIf(!audit.sees)("the engine tried to write nowhere but in the stories' own namespaces, and never where all is to be left alone", () => {
  const written = audit.writesBy(ENGINE_USER).filter(({ dryRun }) => !dryRun);
  expect(written.length).toBeGreaterThan(0);
  const open = told.filter(({ story }) => !leftAlone.includes(story)).map(({ namespace }) => namespace);
  expect(written.filter(({ namespace }) => !open.includes(namespace))).toEqual([]);
});
