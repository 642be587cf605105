import { expect, test } from "vitest";
import { container, pod, running, stamp, terminated, waiting } from "../../testing/objects.ts";
import { bornAt, caseOf, findingsOf, rollout, settled } from "../../testing/scenes.ts";
import { patternOf } from "../evidence.ts";
import { badCommand } from "./bad-command.ts";

const EXEC =
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "serve": executable file not found in $PATH: unknown';
const unstarted = terminated({ reason: "StartError", exitCode: 128, message: EXEC, startedAt: "1970-01-01T00:00:00Z", finishedAt: stamp(3_650) });
const looping = (lastState: ReturnType<typeof terminated>) => waiting("CrashLoopBackOff", "", { restartCount: 3, lastState });
const next = { containers: [container({ command: ["serve"] })] };
const scene = (status: ReturnType<typeof running>, template = next) => ({
  objects: rollout({ next: template, newPods: (set) => [pod("cart-2-a", { ownedBy: set, metadata: bornAt(3_600), statuses: [status] })] }),
  now: 3_660,
});
const pattern = (given: ReturnType<typeof caseOf>) => patternOf(badCommand.examine(given) ?? []);

test("a program that the image does not have, in a new revision, is taken back", () => {
  const given = caseOf(scene(looping(unstarted)));
  expect(pattern(given)).toBe("+command-changed +runtime-cannot-start");
  expect(badCommand.remedies(given)).toEqual([{ action: "roll-back", target: given.subject, params: {} }]);
});

test("a shell that does not find the program says so by its exit code", () => {
  const ended = terminated({ exitCode: 127, startedAt: stamp(3_649), finishedAt: stamp(3_650) });
  expect(pattern(caseOf(scene(looping(ended))))).toBe("+command-changed +exit-code-says-start");
});

test("a new revision that left command and image alone speaks against it", () => {
  const same = { containers: [container({ env: [{ name: "MODE", value: "x" }] })] };
  expect(pattern(caseOf(scene(looping(unstarted), same)))).toBe("-command-changed +runtime-cannot-start");
});

test("a start that fails for another reason is not the command's fault", () => {
  const objects = settled({
    pods: (set) => [pod("cart-1-a", { ownedBy: set, phase: "Pending", statuses: [waiting("CreateContainerError", "context deadline exceeded")] })],
  });
  const given = caseOf({ objects, now: 200 });
  expect(pattern(given)).toBe("-not-the-command +start-fails");
  expect(badCommand.remedies(given)).toEqual([]);
});

test("an ordinary crash is none of its business", () => {
  expect(badCommand.examine(caseOf(scene(looping(terminated()))))).toBeUndefined();
});

test("a container that started at the second attempt, and a healthy command, are silent", () => {
  expect(findingsOf(scene(running({ restartCount: 1, lastState: unstarted }, 3_651)))).toEqual([]);
  expect(findingsOf({ objects: settled({ template: next }), now: 3_660 })).toEqual([]);
});
