/** Plays one fault on the shop after a quarter of an hour of good running, and what a person would do about it. */
import type { Pod, PodTemplate, Ref } from "@kintsugi/core";
import { createRandom } from "../../random.ts";
import { Person } from "../../scenario/people.ts";
import { podsOf, type Stage } from "../../scenario/stage.ts";
import { buildShop } from "../../shop.ts";
import type { Fault, Injection } from "../fault.ts";

export const MINUTE = 60_000;

export interface Play {
  readonly stage: Stage;
  readonly injection: Injection;
  readonly doctor: Person;
  wait(minutes: number): void;
  pods(): readonly Pod[];
  /** Waiting and terminated reasons of the subject's containers, without repeats. */
  reasons(): readonly string[];
  /** Messages of Events with the reason, of any object. */
  messages(reason: string): readonly string[];
  /** The oldest template that the subject's revisions hold. */
  rollBack(): void;
}

export function play(fault: Fault, seed: string | number = 1): Play {
  const stage = buildShop(`${fault.id}/${seed}`);
  const { timeline, world } = stage.cluster;
  timeline.advanceTo(timeline.now() + 15 * MINUTE);
  const injection = fault.inject(stage, createRandom(`${fault.id}/${seed}`));
  if (injection === undefined) throw new Error(`${fault.id} found nothing to break in the shop`);
  const doctor = new Person(world, "doctor");
  const pods = () => podsOf(stage, injection.subject);
  return {
    stage,
    injection,
    doctor,
    pods,
    wait: (minutes) => timeline.advanceTo(timeline.now() + minutes * MINUTE),
    reasons: () => [...new Set(pods().flatMap(reasonsOf))].sort(),
    messages: (reason) =>
      world.store
        .list("Event")
        .filter((event) => event.reason === reason)
        .map((event) => event.message),
    rollBack: () => {
      const first = firstTemplate(stage, injection.subject);
      doctor.changeTemplate(injection.subject, () => first);
    },
  };
}

function reasonsOf(pod: Pod): readonly string[] {
  return pod.status.containerStatuses.flatMap(({ state, lastState }) =>
    [state.waiting?.reason, state.terminated?.reason, lastState.terminated?.reason].filter((one) => one !== undefined),
  );
}

function firstTemplate(stage: Stage, ref: Ref): PodTemplate {
  const { store } = stage.cluster.world;
  const owner = store.find(ref);
  const sets = store.ownedBy("ReplicaSet", owner?.metadata.uid ?? "").sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1));
  const template = sets[0]?.spec.template;
  if (template === undefined) throw new Error(`${ref.name} has no revision`);
  const { "pod-template-hash": _, ...labels } = template.metadata.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}
