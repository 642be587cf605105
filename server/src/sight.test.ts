import type { ClusterPort, Observation } from "@kintsugi/core";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Sight } from "./sight.ts";

let told: string[];
let sight: Sight;
let say: (...observations: Observation[]) => void;
let heard: Observation[];
beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  heard = [];
  sight = new Sight((text, isTrouble) => told.push(`${isTrouble ? "warn" : "info"} ${text}`));
  const cluster = {
    watch: (deliver: (observations: readonly Observation[]) => void) => {
      say = (...observations) => deliver(observations);
      return () => {};
    },
  } as unknown as ClusterPort;
  sight.of(cluster).watch((observations) => void heard.push(...observations));
});
afterEach(() => {
  vi.useRealTimers();
});

const lost = (kind: "Pod" | "Node", path: string): Observation => ({ type: "health", kind, health: "stale", reason: `GET ${path}: connection refused` });

it("tells of all that changed together in one line, with the reason", () => {
  say(lost("Pod", "/api/v1/pods"));
  say(lost("Node", "/api/v1/nodes"));
  expect(told).toEqual([]);
  vi.advanceTimersByTime(1_000);
  expect(told).toEqual(["warn not seen any more: Pod, Node: GET /api/v1/pods: connection refused"]);
  expect(heard).toHaveLength(2);
});

it("knows the reason for as long as it stands", () => {
  say(lost("Pod", "/api/v1/pods"));
  expect(sight.reasonOf("Pod")).toBe("GET /api/v1/pods: connection refused");
  say({ type: "health", kind: "Pod", health: "live", reason: "listed and watched" });
  expect(sight.reasonOf("Pod")).toBeUndefined();
  vi.advanceTimersByTime(1_000);
  expect(told).toEqual(["info seen now: Pod"]);
});
