/** What a real cluster shows of each failure mode, recognised; `server/test-cluster/capture` took the pictures. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { correlate } from "../correlate/correlate.ts";
import { DETECTORS } from "../detect/catalog.ts";
import type { Case } from "../model/failure-mode.ts";
import type { DetectWindows, Finding } from "../model/finding.ts";
import type { KnownGood } from "../model/known-good.ts";
import { type ClusterObject, controllerOf, refOf } from "../model/kube.ts";
import { PolicySpec } from "../model/policy.ts";
import { KINDS, type Ref } from "../model/ref.ts";
import type { View } from "../model/view.ts";
import { viewOf } from "../testing/array-view.ts";
import { MODES, modeOf } from "./catalog.ts";
import { diagnose } from "./diagnose.ts";

interface Fixture {
  /** The failure mode that it shows; empty for what is healthy. */
  readonly mode: string;
  readonly subject: Ref;
  readonly takenAt: string;
  /** Looked at so long after the picture was taken: what a slow start would show too counts only when it lasts. */
  readonly lookAfterSeconds?: number;
  readonly before: readonly ClusterObject[];
  readonly objects: readonly ClusterObject[];
}

const folder = new URL("./fixtures/", import.meta.url);
const fixtures = readdirSync(folder).map((file) => ({
  name: file.replace(".json", ""),
  ...(JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Fixture),
}));

/** The pictures were taken within a minute of the trouble. */
const WINDOWS: DetectWindows = {
  notReadyMs: 0,
  crashWindowMs: 600_000,
  unschedulableMs: 0,
  cordonMs: 0,
  nodeNotReadyMs: 0,
  scaledToZeroMs: 0,
  stormMs: 300_000,
  leftoversMs: 0,
};

/** What our own record would hold of the time before the trouble. */
function recordOf(before: readonly ClusterObject[], at: number): readonly KnownGood[] {
  return before.flatMap((object): KnownGood[] => {
    const { kind, namespace, name } = refOf(object);
    const good = (spec: KnownGood["spec"]) => [{ ref: { kind, namespace, name }, firstSeen: at, lastSeen: at, spec }];
    if (object.kind === "Deployment" || object.kind === "StatefulSet") return good({ replicas: object.spec.replicas, template: object.spec.template });
    return object.kind === "Service" ? good({ selector: object.spec.selector, ports: object.spec.ports }) : [];
  });
}

function isRoot(object: ClusterObject): boolean {
  const owner = controllerOf(object);
  return owner === undefined || !KINDS.some((kind) => kind === owner.kind);
}

/** What all detectors say of all subjects. */
function allFindings(objects: readonly ClusterObject[], view: View, now: number, windows = WINDOWS): readonly Finding[] {
  return objects.filter(isRoot).flatMap((object) => {
    const { kind, namespace, name } = refOf(object);
    const fitting = DETECTORS.filter((detector) => detector.subjects.includes(kind));
    return fitting.flatMap((detector) => detector.detect({ kind, namespace, name }, view, now, windows).finding ?? []);
  });
}

function look(fixture: Fixture) {
  const now = Date.parse(fixture.takenAt) + (fixture.lookAfterSeconds ?? 0) * 1_000;
  const made = fixture.objects.map((object) => Date.parse(object.metadata.creationTimestamp));
  const view = viewOf(fixture.objects, { knownGood: recordOf(fixture.before, Math.min(...made)) });
  const { groups } = correlate(allFindings(fixture.objects, view, now), view, now, PolicySpec.parse({}));
  return { now, view, groups };
}

describe.each(fixtures.filter((fixture) => fixture.mode !== ""))("$name", (fixture) => {
  const { now, view, groups } = look(fixture);
  const subject = fixture.mode === "storm" ? "*" : fixture.subject.name;

  test(`is one incident, about ${subject}, and diagnosed as ${fixture.mode}`, () => {
    expect(groups.map((group) => group.subject.name)).toEqual([subject]);
    const [group] = groups;
    if (group === undefined) throw new Error("no incident");
    const given: Case = { subject: group.subject, findings: group.findings, since: Math.min(...group.findings.map((finding) => finding.since)), view, now };
    const [best] = diagnose(given, { seeds: "", date: "", entries: {} }).candidates;
    expect(best?.mode).toBe(fixture.mode);
    expect({
      pattern: best?.pattern,
      remedies: modeOf(fixture.mode)
        ?.remedies(given)
        .map((remedy) => remedy.action),
    }).toMatchSnapshot();
    expect(modeOf(fixture.mode)?.healthy(given).answer).toBe("unhealthy");
  });
});

test.each(fixtures.filter((fixture) => fixture.mode === ""))("$name is silent", ({ objects, takenAt }) => {
  const windows = { ...WINDOWS, notReadyMs: 90_000 };
  expect(allFindings(objects, viewOf(objects), Date.parse(takenAt), windows)).toEqual([]);
});

test("every mode but the one that nothing is wrong has a picture", () => {
  const shown = new Set(fixtures.map((fixture) => fixture.mode));
  expect(MODES.map((mode) => mode.id).filter((id) => !shown.has(id))).toEqual(["nothing-wrong"]);
});
