/** By what a scene is seen to have come to its point. */
import { type ClusterObject, conditionOf, type Pod } from "@kintsugi/core";
import type { Sign } from "./scene.ts";

const pods = (objects: readonly ClusterObject[]) => objects.filter((object): object is Pod => object.kind === "Pod");

/** A container waits for this reason after so many restarts; `ended`: how its last run ended. */
export const waits =
  (reason: string, restarts: number, ended?: string): Sign =>
  (objects) =>
    pods(objects)
      .flatMap((pod) => pod.status.containerStatuses)
      .some(
        ({ state, lastState, restartCount }) =>
          state.waiting?.reason === reason && restartCount >= restarts && (ended === undefined || lastState.terminated?.reason === ended),
      );

export const isReady = (pod: Pod) => conditionOf(pod.status.conditions, "Ready")?.status === "True";

export const readyPods =
  (count: number, condition: (pod: Pod) => boolean = () => true): Sign =>
  (objects) =>
    pods(objects).filter((pod) => isReady(pod) && condition(pod)).length === count;

export const somePod =
  (condition: (pod: Pod) => boolean): Sign =>
  (objects) =>
    pods(objects).some(condition);

/** Its process runs, and does not say that it is ready. */
export const isUnready = (pod: Pod) => pod.status.containerStatuses.some((status) => status.started && !status.ready);

export const wasRestarted = (times: number) => (pod: Pod) => pod.status.containerStatuses.some((status) => status.restartCount === times);

export const hasEvent =
  (reason: string, words = ""): Sign =>
  (objects) =>
    objects.some((object) => object.kind === "Event" && object.reason === reason && object.message.includes(words));

/** An object of the kind has the condition. */
export const says =
  (kind: "Deployment" | "Job", type: string): Sign =>
  (objects) =>
    objects.some((object) => object.kind === kind && conditionOf(object.status.conditions, type)?.status === "True");

export const both =
  (...signs: readonly Sign[]): Sign =>
  (objects) =>
    signs.every((sign) => sign(objects));
