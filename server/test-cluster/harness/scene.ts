/** One story's place: its own namespace, what people do in it, and what the API server says was done to it. */
import { type Incident, type Ref, refKey } from "@kintsugi/core";
import { expect } from "vitest";
import { type AuditLog, ENGINE_USER, type Write } from "./audit.ts";
import type { Engine } from "./engine.ts";
import { type KubeObject, type Person, unique, until } from "./person.ts";
import type { Place } from "./place.ts";
import { type Times, timesOf } from "./times.ts";

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

export interface Around {
  readonly place: Place;
  readonly person: Person;
  readonly engine: Engine;
  readonly audit: AuditLog;
  readonly times: Times[];
}

export class Scene {
  readonly namespace: string;
  readonly place: Place;
  readonly person: Person;
  readonly engine: Engine;
  readonly #audit: AuditLog;
  readonly #times: Times[];
  readonly #story: string;
  #faultAt = 0;

  private constructor(story: string, namespace: string, { place, person, engine, audit, times }: Around) {
    this.#story = story;
    this.namespace = namespace;
    this.place = place;
    this.person = person;
    this.engine = engine;
    this.#audit = audit;
    this.#times = times;
  }

  /** Tells a story in a namespace of its own, which is removed whatever happens. */
  static async tell(story: string, around: Around, tell: (scene: Scene) => Promise<void>): Promise<void> {
    const namespace = unique(`story-${story.replaceAll(/[^a-z0-9]+/g, "-")}`.slice(0, 50).replace(/-$/, ""));
    await around.person.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    try {
      await until("the namespace has its account", () => around.person.get("v1", "ServiceAccount", namespace, "default"));
      await tell(new Scene(story, namespace, around));
    } finally {
      await around.person.remove("v1", "Namespace", "", namespace);
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

  /** Waits until the engine has seen it healthy for long enough to know what good looks like. */
  async known(ref: Ref): Promise<void> {
    const seen = () => this.engine.records.some(({ body }) => body.type === "known-good" && refKey(body.known.ref) === refKey(ref));
    await until(`${ref.name} is known to be good`, async () => seen());
  }

  /** The moment from which the story counts; what is done next is the fault. */
  fault(): void {
    this.#faultAt = Date.now();
  }

  /** Waits until the API server shows the object well and as `cured` wants it, and notes the row of the table. */
  async healed(deployment: Ref, cured: (object: KubeObject) => boolean): Promise<KubeObject> {
    const object = await this.until(`${deployment.name} is cured`, async () => {
      const now = await this.get(deployment);
      return isWell(now) && cured(now) && now;
    });
    this.note(deployment, Date.now());
    return object;
  }

  /** Waits until it is so; when it never is, says how the engine saw it. */
  async until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
    return until(what, look).catch((error: Error) => {
      throw new Error(`${error.message}; the engine: ${this.engine.storyOf(this.namespace)}`);
    });
  }

  note(subject: Ref, healedAt?: number): void {
    const times = timesOf(this.#story, this.engine.records, subject, this.#faultAt, healedAt);
    this.#times.push(times);
  }

  reaches(subject: Ref, phase: Incident["phase"], timeoutMs?: number): Promise<Incident> {
    return this.engine.reaches(subject, phase, timeoutMs);
  }

  /** What the API server let the engine write in this namespace, dry runs left out. */
  writes(): readonly Write[] {
    return this.#audit.writesBy(ENGINE_USER).filter(({ namespace, dryRun, code }) => namespace === this.namespace && !dryRun && code < 300);
  }

  /** The audit log shows exactly these writes, as `verb resource/name`. On a cluster without a log only the objects can be judged. */
  expectWrites(...expected: readonly string[]): void {
    if (!this.#audit.sees) return;
    expect(this.writes().map(({ verb, resource, name }) => `${verb} ${resource} ${name}`)).toEqual(expected);
  }

  /** The API server has no write of the engine, and no object of the namespace names it as a manager. */
  async expectUntouched(): Promise<void> {
    this.expectWrites();
    for (const [apiVersion, kind] of TOUCHABLE) {
      for (const { metadata } of await this.person.list(apiVersion, kind, this.namespace)) {
        expect(managersOf(metadata), `${kind} ${metadata.name}`).not.toContain("kintsugi");
      }
    }
  }

  /** The incidents about anything in this namespace. */
  incidents(): readonly Incident[] {
    return [...this.engine.driver.state.incidents.values()].filter((incident) => incident.subject.namespace === this.namespace);
  }
}

const API_VERSIONS: { readonly [kind: string]: string } = { Deployment: "apps/v1", ReplicaSet: "apps/v1", Job: "batch/v1" };

const TOUCHABLE = [
  ["apps/v1", "Deployment"],
  ["v1", "Service"],
  ["v1", "Pod"],
  ["v1", "ConfigMap"],
  ["batch/v1", "Job"],
] as const;

export function isWell({ metadata, spec, status }: KubeObject): boolean {
  const { replicas } = spec;
  const seen = (status.observedGeneration ?? 0) >= ((metadata["generation"] as number | undefined) ?? 0);
  return seen && replicas > 0 && [status.replicas, status.updatedReplicas, status.readyReplicas, status.availableReplicas].every((count) => count === replicas);
}

export function managersOf(metadata: KubeObject["metadata"]): readonly string[] {
  return ((metadata["managedFields"] as readonly { manager: string }[] | undefined) ?? []).map(({ manager }) => manager);
}
