import { expect, test } from "vitest";
import { viewOf } from "../testing/array-view.ts";
import { event } from "../testing/more-objects.ts";
import { container, pod, waiting } from "../testing/objects.ts";
import { sandboxKilledForMemory } from "./sandbox-memory.ts";

const limited = (name: string, memory: string) => container({ name, resources: { limits: { memory } } });
const creating = pod("cart-a", {
  phase: "Pending",
  statuses: [waiting("ContainerCreating")],
  spec: { containers: [limited("app", "64Mi"), limited("side", "1Mi")] },
});
const WORDS =
  "Failed to create pod sandbox: runc create failed: unable to start container process: container init was OOM-killed (memory limit too low?): unknown";
const killed = event(creating, "FailedCreatePodSandBox", WORDS, 20);
const later = event(creating, "FailedCreatePodSandBox", "Failed to create pod sandbox: cannot start a stopped process: unknown", 30);

test("a sandbox that was killed for memory points at the smallest limit, whatever was said after it", () => {
  expect(sandboxKilledForMemory(creating, viewOf([creating, killed, later]))).toMatchObject({ container: { name: "side" }, limit: "1Mi" });
});

test("a sandbox that fails for another reason, and a pod whose container runs, are another matter", () => {
  expect(sandboxKilledForMemory(creating, viewOf([creating, later]))).toBeUndefined();
  const well = pod("cart-a", { spec: creating.spec });
  expect(sandboxKilledForMemory(well, viewOf([well, killed]))).toBeUndefined();
});

test("without a limit it cannot be the limit", () => {
  const free = { ...creating, spec: { ...creating.spec, containers: [container()] } };
  expect(sandboxKilledForMemory(free, viewOf([free, killed]))).toBeUndefined();
});
