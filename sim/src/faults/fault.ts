/** One way for a cluster to break, with the truth about it. */
import type { PodTemplate, Ref } from "@kintsugi/core";
import type { Random } from "../random.ts";
import { withContainer } from "../scenario/people.ts";
import { type App, behaviourOf, isDeployment, isWell, nextTag, type Stage, somebody, takeApp, templateOf } from "../scenario/stage.ts";
import type { ImageBehaviour } from "../world/images.ts";

export interface Fault {
  /** Kebab-case, the name of its file. */
  readonly id: string;
  readonly title: string;
  /** Failure modes that are right answers, the best first; empty where none of the catalogue's modes is right. */
  readonly truth: readonly string[];
  /** Actions of which each would heal it, where policy allows it; empty when only people or time can. */
  readonly healedBy: readonly string[];
  /** Breaks something now. Undefined when the cluster has nothing fit for it. */
  inject(stage: Stage, random: Random): Injection | undefined;
}

export interface Injection {
  /** What the incident is about: root owner, node or Service. */
  readonly subject: Ref;
  /** Everything that this fault may rightly be reported on, the subject included: owners, Services, nodes. */
  readonly targets: readonly Ref[];
  /** What it takes from others, as `Victims` names causes: whoever suffers by these while it lasts suffers by this fault. */
  readonly causes?: readonly string[];
  /** When it ends by itself or by people, ms; absent when it does not. */
  readonly endsAt?: number;
  /** True when nothing is left to heal, by the state of the world. */
  isOver(): boolean;
}

export const MINUTE_MS = 60_000;

/** The application and the Service of its name. */
export function appTargets(app: App): readonly Ref[] {
  return app.hasService ? [app.ref, { kind: "Service", namespace: app.ref.namespace, name: app.ref.name }] : [app.ref];
}

export function appInjection(stage: Stage, app: App, endsAt?: number): Injection {
  return { subject: app.ref, targets: appTargets(app), isOver: () => isWell(stage, app.ref), ...(endsAt === undefined ? {} : { endsAt }) };
}

/** A new version of an application is released that behaves differently from the one before. */
export function releaseFault(fault: Omit<Fault, "inject">, differs: (does: ImageBehaviour, random: Random) => Partial<ImageBehaviour>): Fault {
  return {
    ...fault,
    inject: (stage, random) => {
      const app = takeApp(stage, random, isDeployment);
      if (app === undefined) return undefined;
      const image = nextTag(stage, app.image);
      const does = behaviourOf(stage, app.image);
      stage.cluster.world.images.publish(image, { ...does, ...differs(does, random) });
      somebody(stage, random).setImage(app.ref, image);
      // One that crashes late is well for moments, so the version has to be gone as well.
      const isGone = () => templateOf(stage, app).spec.containers[0]?.image !== image;
      return { ...appInjection(stage, app), isOver: () => isGone() && isWell(stage, app.ref) };
    },
  };
}

type Containers = PodTemplate["spec"]["containers"];

/** Somebody edits an application's template, the image staying as it is. */
export function editFault(
  fault: Omit<Fault, "inject">,
  change: (container: Containers[number], app: App, random: Random) => Containers[number],
  wanted: (app: App) => boolean = () => true,
): Fault {
  return {
    ...fault,
    inject: (stage, random) => {
      const app = takeApp(stage, random, (one) => isDeployment(one) && wanted(one));
      if (app === undefined) return undefined;
      somebody(stage, random).changeTemplate(app.ref, (template) => withContainer(template, (container) => change(container, app, random)));
      return appInjection(stage, app);
    },
  };
}

/** An application's present version begins to behave differently: what changed is outside of the cluster. */
export function driftFault(
  fault: Omit<Fault, "inject">,
  differs: (does: ImageBehaviour, fact: string, app: App, random: Random) => Partial<ImageBehaviour>,
  endsAfterMs?: (random: Random) => number,
  wanted: (stage: Stage, app: App) => boolean = () => true,
): Fault {
  return {
    ...fault,
    inject: (stage, random) => {
      const app = takeApp(stage, random, (one) => one.ref.kind !== "DaemonSet" && wanted(stage, one));
      if (app === undefined) return undefined;
      const { world, kubelets, timeline } = stage.cluster;
      const fact = `${fault.id}/${app.ref.namespace}/${app.ref.name}`;
      world.images.publish(app.image, { ...behaviourOf(stage, app.image), ...differs(behaviourOf(stage, app.image), fact, app, random) });
      world.facts.set(fact, timeline.now());
      kubelets.reconsiderAll();
      const isOver = () => world.facts.since(fact) === undefined && isWell(stage, app.ref);
      if (endsAfterMs === undefined) return { ...appInjection(stage, app), isOver };
      const endsAt = timeline.now() + endsAfterMs(random);
      timeline.at(endsAt, () => world.facts.clear(fact));
      return { ...appInjection(stage, app, endsAt), isOver };
    },
  };
}
