import { expect, test } from "vitest";
import { at, pod, running, terminated, waiting } from "../../testing/objects.ts";
import { look, settled } from "../../testing/scenes.ts";
import { containerStartDetector } from "./container-start.ts";

const EXEC =
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: exec: "serve": executable file not found in $PATH: unknown';
const failed = terminated({ reason: "StartError", exitCode: 128, message: EXEC, startedAt: "1970-01-01T00:00:00Z" });
const one = (status: Parameters<typeof pod>[1]) => settled({ pods: (set) => [pod("cart-1-a", { ownedBy: set, ...status })] });

test("a program that the image does not have is reported at the second attempt", () => {
  const objects = one({ statuses: [waiting("CrashLoopBackOff", "back-off 10s", { restartCount: 1, lastState: failed })] });
  expect(look(containerStartDetector, { objects, now: 20 }).finding?.summary).toContain("executable file not found");
});

test("a container that cannot be created has no ends to count: it gets the window of a start", () => {
  const objects = one({ phase: "Pending", statuses: [waiting("CreateContainerError", "context deadline exceeded")] });
  expect(look(containerStartDetector, { objects, now: 20 })).toEqual({ recheckAt: at(90) });
  expect(look(containerStartDetector, { objects, now: 90 }).finding).toBeDefined();
});

test("a first failed start alone is not reported before the window", () => {
  const objects = one({ statuses: [waiting("RunContainerError", EXEC, { lastState: failed })] });
  expect(look(containerStartDetector, { objects, now: 20 }).finding).toBeUndefined();
});

test("a container that failed to start once and runs since is well", () => {
  const objects = one({ statuses: [running({ restartCount: 1, lastState: failed })] });
  expect(look(containerStartDetector, { objects, now: 300 })).toEqual({});
});

test("a limit too small even for the runtime is a matter of memory, not of the command", () => {
  const oom = terminated({ reason: "StartError", exitCode: 128, message: "runc create failed: container init was OOM-killed (memory limit too low?)" });
  const objects = one({ statuses: [waiting("CrashLoopBackOff", "", { restartCount: 3, lastState: oom })] });
  expect(look(containerStartDetector, { objects, now: 300 })).toEqual({});
});
