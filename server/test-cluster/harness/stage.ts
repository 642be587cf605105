/** A namespace of its own, and what people do in it: make workloads, roll out, break, look. */
import type { Ref } from "@kintsugi/core";
import { type KubeObject, type Person, unique, until } from "./person.ts";
import type { Place } from "./place.ts";

export interface Workload {
  readonly replicas?: number;
  /** Shell, in the one container `app`. */
  readonly run?: string;
  readonly container?: object;
  readonly pod?: object;
  readonly spec?: object;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Serves `/` on port 8080, and nothing else. */
export const SERVE = "mkdir -p /srv && echo well > /srv/index.html && exec httpd -f -p 8080 -h /srv";

/** The probe that SERVE answers. */
export const PROBE = { httpGet: { path: "/", port: 8080 }, periodSeconds: 1, failureThreshold: 2 };

export class Stage {
  readonly namespace: string;
  readonly place: Place;
  readonly person: Person;

  protected constructor(namespace: string, place: Place, person: Person) {
    this.namespace = namespace;
    this.place = place;
    this.person = person;
  }

  /** Makes the namespace and removes it again, whatever happens meanwhile. `untilGone`: what is left broken in it must not be there for the next engine to heal. */
  static async open(base: string, place: Place, person: Person, use: (stage: Stage) => Promise<void>, { untilGone = false } = {}): Promise<void> {
    const namespace = unique(`story-${base.replaceAll(/[^A-Za-z0-9]+/g, "-").toLowerCase()}`.slice(0, 50).replace(/-$/, ""));
    await person.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    try {
      await until("the namespace has its account", () => person.get("v1", "ServiceAccount", namespace, "default"));
      await use(new Stage(namespace, place, person));
    } finally {
      await person.remove("v1", "Namespace", "", namespace);
      if (untilGone) await until("the namespace is gone", async () => (await person.get("v1", "Namespace", "", namespace)) === undefined);
    }
  }

  ref(kind: Ref["kind"], name: string): Ref {
    return { kind, namespace: this.namespace, name };
  }

  async create(apiVersion: string, kind: string, name: string, fields: object, metadata: object = {}): Promise<KubeObject> {
    return this.person.create({ apiVersion, kind, metadata: { name, namespace: this.namespace, ...metadata }, ...fields });
  }

  container(run: string, fields: object = {}): object {
    return { name: "app", image: this.place.image, command: ["sh", "-c", run], ...fields };
  }

  /** A Deployment with pods labelled `app: NAME`. */
  async deploy(name: string, { replicas = 2, run = SERVE, container = {}, pod = {}, spec = {}, annotations = {} }: Workload = {}): Promise<Ref> {
    const labels = { app: name };
    const template = { metadata: { labels }, spec: { terminationGracePeriodSeconds: 0, ...pod, containers: [this.container(run, container)] } };
    await this.create("apps/v1", "Deployment", name, { spec: { replicas, selector: { matchLabels: labels }, template, ...spec } }, { annotations });
    return this.ref("Deployment", name);
  }

  async serve(name: string, app = name): Promise<Ref> {
    await this.create("v1", "Service", name, { spec: { selector: { app }, ports: [{ port: 80, targetPort: 8080 }] } });
    return this.ref("Service", name);
  }

  async get({ kind, name }: Ref): Promise<KubeObject> {
    const found = await this.person.get(API_VERSIONS[kind] ?? "v1", kind, this.namespace, name);
    if (found === undefined) throw new Error(`${kind} ${name} is gone`);
    return found;
  }

  async patch({ kind, name }: Ref, patch: unknown): Promise<void> {
    await this.person.patch(API_VERSIONS[kind] ?? "v1", kind, this.namespace, name, patch);
  }

  /** A new revision whose container `app` differs by these fields. */
  async rollOut(deployment: Ref, container: object): Promise<void> {
    await this.patch(deployment, { spec: { template: { spec: { containers: [{ name: "app", ...container }] } } } });
  }

  /** Waits until the API server says that all of the Deployment is as it should be; returns it. */
  async well(deployment: Ref, timeoutMs?: number): Promise<KubeObject> {
    return until(
      `${deployment.name} is well`,
      async () => {
        const object = await this.get(deployment);
        return isWell(object) && object;
      },
      timeoutMs,
    );
  }
}

const API_VERSIONS: { readonly [kind: string]: string } = { Deployment: "apps/v1", ReplicaSet: "apps/v1", Job: "batch/v1" };

export function isWell({ metadata, spec, status }: KubeObject): boolean {
  const { replicas } = spec;
  const seen = (status.observedGeneration ?? 0) >= ((metadata["generation"] as number | undefined) ?? 0);
  return seen && replicas > 0 && [status.replicas, status.updatedReplicas, status.readyReplicas, status.availableReplicas].every((count) => count === replicas);
}

export function managersOf(metadata: KubeObject["metadata"]): readonly string[] {
  return ((metadata["managedFields"] as readonly { manager: string }[] | undefined) ?? []).map(({ manager }) => manager);
}
