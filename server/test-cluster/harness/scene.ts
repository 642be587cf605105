/** One story's place: its own namespace, what people do in it, and what the API server says was done to it. */
import type { Incident, Ref } from "@kintsugi/core";
import { expect } from "vitest";
import { type AuditLog, ENGINE_USER, type Write } from "./audit.ts";
import type { Engine } from "./engine.ts";
import { type KubeObject, type Person, until } from "./person.ts";
import type { Place } from "./place.ts";
import { isWell, managersOf, Stage } from "./stage.ts";
import { type Times, timesOf } from "./times.ts";

export interface Around {
  readonly place: Place;
  readonly person: Person;
  readonly engine: Engine;
  readonly audit: AuditLog;
  readonly times: Times[];
}

export class Scene extends Stage {
  readonly engine: Engine;
  readonly #audit: AuditLog;
  readonly #times: Times[];
  readonly #story: string;
  #faultAt = 0;

  private constructor(story: string, { namespace, place, person }: Stage, { engine, audit, times }: Around) {
    super(namespace, place, person);
    this.#story = story;
    this.engine = engine;
    this.#audit = audit;
    this.#times = times;
  }

  /** Tells a story in a namespace of its own, which is removed whatever happens. */
  static async tell(story: string, around: Around, tell: (scene: Scene) => Promise<void>): Promise<void> {
    await Stage.open(story, around.place, around.person, (stage) => tell(new Scene(story, stage, around)));
  }

  known(ref: Ref): Promise<void> {
    return this.engine.knows(ref);
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

  /** Notes the row of the table. */
  note(subject: Ref, healedAt?: number): void {
    const writes = this.#audit.sees ? this.writes() : undefined;
    this.#times.push(timesOf({ story: this.#story, records: this.engine.records, subject, faultAt: this.#faultAt, healedAt, writes }));
  }

  reaches(subject: Ref, phase: Incident["phase"], timeoutMs?: number): Promise<Incident> {
    return this.engine.reaches(subject, phase, timeoutMs);
  }

  /** What the API server let the engine write in this namespace, dry runs left out. */
  writes(): readonly Write[] {
    return this.#audit.doneBy(ENGINE_USER, this.namespace);
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

const TOUCHABLE = [
  ["apps/v1", "Deployment"],
  ["v1", "Service"],
  ["v1", "Pod"],
  ["v1", "ConfigMap"],
  ["batch/v1", "Job"],
] as const;
