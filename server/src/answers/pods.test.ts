import { createView, type Pod } from "@kintsugi/core";
import { pod, running, stamp, terminated, waiting } from "@kintsugi/core/testing/objects";
import { expect, it } from "vitest";
import { podRow } from "./pods.ts";

const restarting = { initContainers: [{ name: "setup", image: "i" }] };

it.each<[string, Pod]>([
  ["Running", pod("a")],
  ["CrashLoopBackOff", pod("a", { statuses: [waiting("CrashLoopBackOff", "", { restartCount: 4 })] })],
  ["Error", pod("a", { statuses: [running({ ready: false, state: terminated() })] })],
  ["ExitCode:3", pod("a", { statuses: [running({ ready: false, state: terminated({ reason: "", exitCode: 3 }) })] })],
  ["Completed", pod("a", { phase: "Succeeded", statuses: [running({ ready: false, state: terminated({ reason: "Completed", exitCode: 0 }) })] })],
  ["Evicted", pod("a", { phase: "Failed", reason: "Evicted", statuses: [] })],
  ["Pending", pod("a", { phase: "Pending", statuses: [] })],
  ["Terminating", pod("a", { metadata: { deletionTimestamp: stamp(9) } })],
  [
    "Init:0/1",
    pod("a", { phase: "Pending", spec: restarting, statuses: [waiting("PodInitializing")], initStatuses: [running({ name: "setup", ready: false })] }),
  ],
  ["Init:CrashLoopBackOff", pod("a", { phase: "Pending", spec: restarting, statuses: [], initStatuses: [waiting("CrashLoopBackOff", "", { name: "setup" })] })],
  // A job beside the one that serves has ended: the pod runs.
  ["Running", pod("a", { statuses: [running({ ready: false, state: terminated({ reason: "Completed", exitCode: 0 }) }), running({ name: "web" })] })],
])("is %s as kubectl says it", (expected, of) => {
  expect(podRow(of, createView()).status).toBe(expected);
});

it("tells how each container ended last, and counts restarts", () => {
  const ended = { terminated: { ...terminated({ exitCode: 137, reason: "OOMKilled" }).terminated! } };
  const row = podRow(pod("a", { statuses: [waiting("CrashLoopBackOff", "back-off 5m0s", { restartCount: 7, lastState: ended })] }), createView());
  expect(row).toMatchObject({ restarts: 7, containersReady: "0/1", ready: false, owner: { kind: "Pod", name: "a" } });
  expect(row.containers).toMatchObject([{ state: "waiting", reason: "CrashLoopBackOff", message: "back-off 5m0s", exitCode: 137, init: false }]);
});
