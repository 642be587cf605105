/** The rules that the machine keeps. Each is tried on a bad example first, so that none can pass by looking at nothing. */
import { describe, expect, it } from "vitest";
import { architectureIsTrue, compilerKeepsPurity, linksLeadSomewhere, lockFileIsCurrent } from "./tidy/documents.ts";
import { answersKnowNoProtocol, packagesKeepTheirLayers, STAGES, stagesStandApart, testingStaysInTests } from "./tidy/imports.ts";
import { confidenceIsMeasured, everyModeHasARunbook, everyPluginHasATest, everyPluginIsListed, FAMILIES, pluginsOf } from "./tidy/plugins.ts";
import { pureCodeIsPure, pureSources } from "./tidy/purity.ts";
import { filesAreShort, functionsAreShort, MAX_FILE_LINES, MAX_FUNCTION_LINES, MAX_TEST_LINES } from "./tidy/size.ts";
import { isCode, projectSources, type Rule, type Source, sourceOf, type Violation } from "./tidy/source.ts";
import { noModuleMocks, noTestIsSwitchedOff, oneFileReadsTheEnvironment } from "./tidy/wiring.ts";
import { filesAreKebabCase, namesSayWhatIsInside, nothingOfOneMachine } from "./tidy/words.ts";

type Files = Readonly<Record<string, string>>;

interface Case {
  readonly says: string;
  readonly rule: Rule;
  /** Files that break it, and where. */
  readonly bad: Files;
  readonly found: readonly string[];
  /** Files that look alike and keep it. */
  readonly good?: Files;
}

const lines = (count: number): string => "let x;\n".repeat(count);
const modeFolder = "core/src/diagnose/modes";
const modeCatalog = { "core/src/diagnose/catalog.ts": 'import { a } from "./modes/a.ts";\nexport const MODES = [a];' };
const lock = (dependencies: string): string => `{"packages":{"core":{"dependencies":${dependencies}}}}`;
const pureConfigs: Files = {
  "tsconfig.base.json": '{"compilerOptions":{"types":[],"lib":["ES2024"]}}',
  "anomaly/tsconfig.json": "{}",
  "core/tsconfig.json": "{}",
  "sim/tsconfig.json": "{}",
};

const CASES: readonly Case[] = [
  {
    says: "pure code reads no clock, draws no chance, sets no timer and sees no machine",
    rule: pureCodeIsPure,
    bad: {
      "core/src/a.ts": "const t = Date.now();\nconst d = new Date();\nconst r = Math.random();\nsetTimeout(f, 1);\nperformance.now();\nawait fetch(u);",
      "sim/src/b.ts": 'import { readFileSync } from "node:fs";\nprocess.exit(1);\nnew Date(1).getHours();',
    },
    found: [
      "core/src/a.ts:1",
      "core/src/a.ts:2",
      "core/src/a.ts:3",
      "core/src/a.ts:4",
      "core/src/a.ts:5",
      "core/src/a.ts:6",
      "sim/src/b.ts:1",
      "sim/src/b.ts:2",
      "sim/src/b.ts:3",
    ],
    good: {
      "core/src/a.ts":
        '// Date.now() is not here\nconst f = (process: P, now: number) => [process.exit(1), new Date(now).toISOString(), Date.parse("2026-01-01"), "Math.random()"];',
      "core/src/a.test.ts": "Date.now();",
      "server/src/a.ts": "Date.now();",
    },
  },
  {
    says: "the compiler keeps pure packages pure",
    rule: compilerKeepsPurity,
    bad: {
      ...pureConfigs,
      "core/tsconfig.json": '{"compilerOptions":{"types":["node"]}}',
      "sim/tsconfig.json": '{"compilerOptions":{"lib":["ES2024","DOM"]}}',
    },
    found: ["core/tsconfig.json:1", "sim/tsconfig.json:1"],
    good: pureConfigs,
  },
  {
    says: "every plugin is in its catalog",
    rule: everyPluginIsListed,
    bad: { ...modeCatalog, [`${modeFolder}/a.ts`]: "", [`${modeFolder}/b.ts`]: "", "sim/src/faults/c.ts": "" },
    found: [`${modeFolder}/b.ts:1`, "sim/src/faults/catalog.ts:1"],
    good: {
      "sim/src/faults/catalog.ts": 'import { a } from "./a.ts";\nimport type { Fault } from "./fault.ts";\nexport const FAULTS: Fault[] = [a];',
      "sim/src/faults/a.ts": "",
      "sim/src/faults/a.test.ts": "",
      "sim/src/faults/fault.ts": "",
      "sim/src/faults/testing/world.ts": "",
    },
  },
  {
    says: "every plugin has a test beside it",
    rule: everyPluginHasATest,
    bad: { "core/src/decide/gates/pause.ts": "", "core/src/decide/gates/storm.ts": "", "core/src/decide/gates/storm.test.ts": "" },
    found: ["core/src/decide/gates/pause.ts:1"],
  },
  {
    says: "every failure mode has a runbook of its name",
    rule: everyModeHasARunbook,
    bad: { [`${modeFolder}/a.ts`]: 'export const a = { id: "a" };', [`${modeFolder}/b.ts`]: 'export const b = { id: "c" };', "docs/runbooks/b.md": "" },
    found: [`${modeFolder}/a.ts:1`, `${modeFolder}/b.ts:1`],
    good: { [`${modeFolder}/a.ts`]: 'export const a = { id: "a" };', "docs/runbooks/a.md": "" },
  },
  {
    says: "no mode names its own confidence",
    rule: confidenceIsMeasured,
    bad: { [`${modeFolder}/a.ts`]: "export const a = {\n  confidence: 0.9 };" },
    found: [`${modeFolder}/a.ts:2`],
    good: { [`${modeFolder}/a.ts`]: "export const a = { confidence: measured(x), specificity: 1 };" },
  },
  {
    says: "a stage imports its own folder and the model",
    rule: stagesStandApart,
    bad: {
      "core/src/detect/a.ts": 'import { b } from "../decide/b.ts";',
      "core/src/ports/b.ts": 'import type { c } from "../detect/c.ts";',
      "core/src/act/actions/c.ts": 'export { d } from "../../engine/d.ts";',
    },
    found: ["core/src/detect/a.ts:1", "core/src/ports/b.ts:1", "core/src/act/actions/c.ts:1"],
    good: {
      "core/src/detect/detectors/a.ts": 'import { b } from "../pod.ts";\nimport type { C } from "../../model/c.ts";\nimport { z } from "zod";',
      "core/src/engine/a.ts": 'import { b } from "../decide/b.ts";',
      "core/src/detect/a.test.ts": 'import { b } from "../testing/objects.ts";',
    },
  },
  {
    says: "what is answered knows no protocol",
    rule: answersKnowNoProtocol,
    bad: { "server/src/answers/a.ts": 'import { b } from "../http/b.ts";', "server/src/access/a.ts": 'import type { c } from "../cli/c.ts";' },
    found: ["server/src/answers/a.ts:1", "server/src/access/a.ts:1"],
    good: {
      "server/src/answers/a.ts": 'import type { e } from "../engine-facade.ts";',
      "server/src/answers/a.test.ts": 'import { b } from "../http/testing/b.ts";',
      "server/src/http/a.ts": 'import { b } from "../answers/b.ts";',
    },
  },
  {
    says: "packages import along the arrows",
    rule: packagesKeepTheirLayers,
    bad: {
      "core/src/a.ts": 'import { s } from "@kintsugi/sim";',
      "core/src/b.test.ts": 'import { s } from "../../server/src/s.ts";',
      "sim/src/a.ts": 'const s = await import("@kintsugi/server");',
      "server/src/http/a.ts": 'import { s } from "@kintsugi/sim";',
      "cluster/src/a.ts": 'import { s } from "@kintsugi/core";',
    },
    found: ["core/src/a.ts:1", "core/src/b.test.ts:1", "sim/src/a.ts:1", "server/src/http/a.ts:1", "cluster/src/a.ts:1"],
    good: {
      "sim/src/a.ts": 'import { s } from "@kintsugi/core";',
      "server/src/cli/commands/demo.ts": 'import { s } from "@kintsugi/sim";\nimport { c } from "@kintsugi/core";\nimport { a } from "../exit.ts";',
      "server/test-cluster/a.test.ts": 'import { up } from "../../cluster/src/index.ts";',
    },
  },
  {
    says: "what is for tests stays in tests",
    rule: testingStaysInTests,
    bad: { "core/src/engine/a.ts": 'import { x } from "../testing/objects.ts";\nimport { expect } from "vitest";' },
    found: ["core/src/engine/a.ts:1", "core/src/engine/a.ts:2"],
    good: { "core/src/engine/a.test.ts": 'import { x } from "../testing/objects.ts";' },
  },
  {
    says: `a file has at most ${MAX_FILE_LINES} lines`,
    rule: filesAreShort,
    bad: { "sim/src/a.ts": lines(MAX_FILE_LINES + 1) },
    found: [`sim/src/a.ts:${MAX_FILE_LINES + 1}`],
    good: { "sim/src/b.ts": lines(MAX_FILE_LINES), "sim/src/b.test.ts": lines(MAX_TEST_LINES), "core/src/diagnose/confidence.generated.ts": lines(9_000) },
  },
  {
    says: `a function has at most ${MAX_FUNCTION_LINES} lines`,
    rule: functionsAreShort,
    bad: { "sim/src/a.ts": `\nfunction long() {\n${lines(MAX_FUNCTION_LINES)}}` },
    found: ["sim/src/a.ts:2"],
    good: { "sim/src/b.ts": `function f() {\n${lines(MAX_FUNCTION_LINES - 2)}}`, "sim/src/b.test.ts": `function f() {\n${lines(200)}}` },
  },
  {
    says: "a name says what is inside",
    rule: namesSayWhatIsInside,
    bad: { "core/src/utils.ts": "", "server/src/services/a.ts": "", "docs/common.test.ts": "" },
    found: ["core/src/utils.ts:1", "server/src/services/a.ts:1", "docs/common.test.ts:1"],
    good: { "core/src/service-selector.ts": "", "docs/uncommon.md": "" },
  },
  {
    says: "files are kebab-case",
    rule: filesAreKebabCase,
    bad: { "core/src/myFile.ts": "", "core/src/My.ts": "" },
    found: ["core/src/myFile.ts:1", "core/src/My.ts:1"],
  },
  {
    says: "nothing is of one machine, secret, or a note to oneself",
    rule: nothingOfOneMachine,
    bad: {
      "package-lock.json": ['{\n"resolved"', '"https://example.com/a.tgz"'].join(": "),
      "docs/a.md": ["see /roo", "t/.cache"].join(""),
      "core/src/a.ts": ["// TO", "DO later"].join(""),
      "server/src/b.ts": `const key = "-----BEGIN ${"EC PRIVATE KEY"}-----";`,
    },
    found: ["package-lock.json:2", "docs/a.md:1", "core/src/a.ts:1", "server/src/b.ts:1"],
    good: { "docs/a.md": "mastodon /rootless /workloads/a" },
  },
  {
    says: "config.ts alone reads the environment",
    rule: oneFileReadsTheEnvironment,
    bad: { "server/src/compose.ts": "const a = 1;\nconst b = process.env['B'];" },
    found: ["server/src/compose.ts:2"],
    good: { "server/src/config.ts": "process.env", "server/src/a.test.ts": "process.env" },
  },
  {
    says: "no module is mocked",
    rule: noModuleMocks,
    bad: { "core/src/a.test.ts": 'vi.mock("./b.ts");' },
    found: ["core/src/a.test.ts:1"],
    good: { "core/src/b.test.ts": "vi.fn()" },
  },
  {
    says: "no test is switched off",
    rule: noTestIsSwitchedOff,
    bad: { "core/src/a.test.ts": 'it("a", f);\nit.only("b", f);' },
    found: ["core/src/a.test.ts:2"],
    good: { "core/src/b.test.ts": 'it.skipIf(!able)("c", f); test.each(rows)("d", f);' },
  },
  {
    says: "ARCHITECTURE.md names what exists",
    rule: architectureIsTrue,
    bad: { "ARCHITECTURE.md": "\n`core/src/engine/step.ts` and core/src/gone.ts." },
    found: ["ARCHITECTURE.md:2", "ARCHITECTURE.md:2"],
    good: { "ARCHITECTURE.md": "`core/src/`, core/src/*/catalog.ts. Encore/x", "core/src/detect/catalog.ts": "" },
  },
  {
    says: "links lead somewhere",
    rule: linksLeadSomewhere,
    bad: { "docs/a.md": "[b](b.md)\n[c](../c.md#d)" },
    found: ["docs/a.md:1", "docs/a.md:2"],
    good: { "docs/a.md": "[b](b.md#x) [c](../core/) [d](https://example.com) [e](#here)", "docs/b.md": "", "core/x.ts": "" },
  },
  {
    says: "the lock file is that of every package.json",
    rule: lockFileIsCurrent,
    bad: { "package-lock.json": lock('{"a":"1"}'), "core/package.json": '{"dependencies":{"a":"2"}}' },
    found: ["core/package.json:1"],
    good: { "package-lock.json": lock('{"a":"1","b":"1"}'), "core/package.json": '{"dependencies":{"b":"1","a":"1"}}' },
  },
];

const sourcesOf = (files: Files): Source[] => Object.entries(files).map(([path, text]) => sourceOf(path, text));
const places = (violations: readonly Violation[]): string[] => violations.map(({ path, line }) => `${path}:${line}`);
const listed = (violations: readonly Violation[]): string => violations.map(({ path, line, message }) => `${path}:${line} ${message}`).join("\n");

describe.each(CASES)("$says", ({ rule, bad, found, good = {} }) => {
  it("is noticed where it is not so", () => expect(places(rule(sourcesOf(bad)))).toEqual(found));
  it("says nothing about what looks alike", () => expect(listed(rule(sourcesOf(good)))).toBe(""));
  it("is so in this project", () => expect(listed(rule(project()))).toBe(""));
});

describe("the rules look at the project", () => {
  it.each(FAMILIES)("at plugins in $folder", (family) => expect(pluginsOf(family, project()).length).toBeGreaterThan(0));
  it.each(["core", "sim", "anomaly"])("at the pure code of %s", (name) => {
    expect(pureSources(project()).filter(({ path }) => path.startsWith(`${name}/`)).length).toBeGreaterThan(0);
  });
  it.each(STAGES)("at the stage %s", (stage) =>
    expect(project().filter(({ path }) => path.startsWith(`core/src/${stage}/`) && isCode(path)).length).toBeGreaterThan(0),
  );
  it.each(["server/src", "server/test-cluster", "cluster/src", "docs/runbooks"])("at %s", (folder) => {
    expect(project().filter(({ path }) => path.startsWith(`${folder}/`)).length).toBeGreaterThan(0);
  });
});

let all: readonly Source[] | undefined;

function project(): readonly Source[] {
  all ??= projectSources();
  return all;
}
