/** Real workloads, real faults, one engine: each story in its own namespace, judged by the API server's objects and its audit log. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, it, vi } from "vitest";
import { SURE } from "../../core/src/testing/engine-bench.ts";
import { AuditLog } from "./harness/audit.ts";
import { type Engine, engineKubeconfig, quickPolicy, startEngine } from "./harness/engine.ts";
import { Person } from "./harness/person.ts";
import { place, startRegistry, stopRegistry } from "./harness/place.ts";
import { type Around, Scene } from "./harness/scene.ts";
import { keepTimes, type Times, timesTable } from "./harness/times.ts";
import { badRollouts } from "./stories/bad-rollouts.ts";
import { leftAlone } from "./stories/left-alone.ts";
import { ownersAndLimits } from "./stories/owners-and-limits.ts";

vi.setConfig({ maxConcurrency: 30 });

const here = place();
const person = new Person({ type: "kubeconfig", paths: [here.kubeconfig] });
const folder = mkdtempSync(join(tmpdir(), "kintsugi-stories-"));
const audit = new AuditLog(here.auditLog);
const times: Times[] = [];
let engine: Engine;

/** So many faults at once are a storm, but they are the stories' own. */
const policy = quickPolicy({ storm: { owners: 1000 } });

beforeAll(async () => {
  await startRegistry(person, here);
  engine = await startEngine({ kubeconfig: await engineKubeconfig(person, here.kubeconfig, folder), policy, confidence: SURE });
}, 120_000);

afterAll(async () => {
  await engine?.stop();
  await stopRegistry(person, here);
  await person.close();
  rmSync(folder, { recursive: true, force: true });
  keepTimes(times);
  console.log(`\n${timesTable(times)}`);
}, 60_000);

describe("in a namespace of its own", () => {
  it.concurrent.for([...badRollouts, ...ownersAndLimits, ...leftAlone])("$name", { timeout: 400_000 }, async (story) => {
    const around: Around = { place: here, person, engine, audit, times };
    await Scene.tell(story.id, around, (scene) => story.tell(scene));
  });
});
