/** Drives `step` by hand for tests: inputs in, effects out, time as the story tells it. */
import type { ConfidenceTable } from "../diagnose/confidence-table.ts";
import { createState, type State } from "../engine/state.ts";
import { step } from "../engine/step.ts";
import type { Asker } from "../model/actor.ts";
import type { Effect } from "../model/effect.ts";
import type { Incident, Phase } from "../model/incident.ts";
import type { Command, CommandReply, Input, Outcome } from "../model/input.ts";
import type { ClusterObject } from "../model/kube.ts";
import { type Policy, PolicySpec } from "../model/policy.ts";
import { KINDS, OPTIONAL_KINDS, type Ref, refKey } from "../model/ref.ts";
import type { Observation, ViewHealth } from "../ports/cluster.ts";
import { Lives } from "./lives.ts";
import { EPOCH } from "./objects.ts";

/** A policy by its differences from the defaults, as the document would write them. */
export function policy(spec: Record<string, unknown> = {}): Policy {
  const parsed = PolicySpec.parse(spec);
  return { name: "test", hash: JSON.stringify(spec), spec: parsed };
}

/** Acts without asking, and nothing else differs from the defaults. */
export const ACT = policy({ mode: "suggest", rules: [{ name: "all", mode: "act" }] });

/** As if every pattern had been measured, and always right. */
export const SURE: ConfidenceTable = { seeds: "none", date: "2026-03-01", entries: new Proxy({}, { get: () => ({ right: 100, cases: 100 }) }) };

export class EngineBench {
  readonly state: State;
  readonly effects: Effect[] = [];
  now = EPOCH;
  answersReads = true;
  #version = 1;
  readonly #lives = new Lives();

  constructor(inForce: Policy = policy(), health: ViewHealth = "live") {
    this.state = createState({ cluster: "test", policy: inForce, now: this.now, confidence: SURE });
    if (health === "live") this.live();
  }

  /** Every kind can be seen; the optional ones are proven not to be served. */
  live(): void {
    this.step({
      type: "observed",
      observations: KINDS.map((kind) => ({ type: "health", kind, health: OPTIONAL_KINDS.includes(kind) ? "not-served" : "live", reason: "" })),
    });
  }

  step(input: Input): readonly Effect[] {
    const effects = step(this.state, input, this.now);
    this.effects.push(...effects);
    if (this.answersReads) for (const effect of effects) if (effect.type === "look") this.#answerRead(effect);
    return effects;
  }

  /** The last read of a verification is answered at once with what the watch shows; whether an act has landed is left to the story. */
  #answerRead({ id, ref }: Extract<Effect, { type: "look" }>): void {
    const incident = this.state.incidents.get(this.state.waiting.get(id) ?? "");
    if (incident?.phase !== "verifying") return;
    const object = this.state.view.find(ref);
    this.step({ type: "outcome", effect: id, outcome: object === undefined ? { type: "looked" } : { type: "looked", object } });
  }

  /** The cluster shows these objects, each in a new version; what had gone is made anew. */
  see(...objects: readonly ClusterObject[]): readonly Effect[] {
    const observations = objects.map((object): Observation => {
      this.#version += 1;
      return {
        type: "object",
        object: this.#lives.present({ ...object, metadata: { ...object.metadata, resourceVersion: `${this.#version}` } } as ClusterObject),
      };
    });
    return this.step({ type: "observed", observations });
  }

  gone(...refs: readonly Ref[]): readonly Effect[] {
    for (const ref of refs) this.#lives.end(this.state.view.find(ref)?.metadata.uid);
    return this.step({ type: "observed", observations: refs.map((ref) => ({ type: "gone", ref })) });
  }

  /** Time goes on, with a tick at every wake on the way. */
  pass(seconds: number): void {
    const end = this.now + seconds * 1_000;
    for (let guard = 0; guard < 1_000; guard += 1) {
      const wake = this.effects.findLast((effect) => effect.type === "wake");
      if (wake?.type !== "wake" || wake.at > end) break;
      this.now = Math.max(this.now, wake.at);
      this.step({ type: "tick" });
    }
    this.now = end;
    this.step({ type: "tick" });
  }

  lead(): void {
    this.step({ type: "authority", authority: { type: "leading", epoch: 1, actFrom: 0 } });
  }

  command(command: Command, by: string | Asker = "ada"): CommandReply {
    const effects = this.step({ type: "command", command, by: typeof by === "string" ? { type: "person", name: by, proven: false } : by });
    const reply = effects.find((effect) => effect.type === "reply");
    if (reply?.type !== "reply") throw new Error("a command was not answered");
    return reply.reply;
  }

  /** The last effect of a type. */
  last<T extends Effect["type"]>(type: T): Extract<Effect, { type: T }> {
    const found = this.effects.findLast((effect): effect is Extract<Effect, { type: T }> => effect.type === type);
    if (found === undefined) throw new Error(`no ${type} effect was made`);
    return found;
  }

  /** Answers the last preflight: everything allowed, the dry run accepted, the objects as the view has them. */
  facts(over: Partial<Extract<Outcome, { type: "preflight" }>> = {}): void {
    const asked = this.last("preflight");
    this.step({
      type: "outcome",
      effect: asked.id,
      outcome: {
        type: "preflight",
        objects: asked.refs.map((ref) => {
          const object = this.state.view.find(ref);
          return object === undefined ? { ref } : { ref, object };
        }),
        permissions: asked.permissions.map((permission) => ({ permission, answer: "allowed" as const })),
        dryRun: { answer: "accepted", reason: "" },
        ...over,
      },
    });
  }

  /** Answers the step that is out. */
  outcome(outcome: Outcome, type: "apply" | "look" = "apply"): void {
    this.step({ type: "outcome", effect: this.last(type).id, outcome });
  }

  incident(subject?: Ref): Incident {
    const id =
      subject === undefined ? [...this.state.incidents.keys()].at(-1) : (this.state.bySubject.get(refKey(subject)) ?? this.state.lastOf.get(refKey(subject)));
    const incident = id === undefined ? undefined : this.state.incidents.get(id);
    if (incident === undefined) throw new Error("there is no such incident");
    return incident;
  }

  phase(subject?: Ref): Phase {
    return this.incident(subject).phase;
  }

  /** Phases that the ledger went through, in order, of the last incident or a subject's. */
  records(): readonly Extract<Effect, { type: "record" }>[] {
    return this.effects.filter((effect): effect is Extract<Effect, { type: "record" }> => effect.type === "record");
  }
}
