/** Objects that a report names in its own words, looked for in the view. */
import { type Incident, type Kind, RESOURCES, type Ref, refKey, type TicketResource } from "@kintsugi/core";
import type { EngineFacade } from "../engine-facade.ts";
import { parseKind } from "../kind-names.ts";

export interface Named {
  readonly kind?: Kind;
  /** Missing where the text does not say. */
  readonly namespace?: string;
  readonly name: string;
}

/** `Deployment/shop/cart`, `deploy/cart`, `shop/cart`, `Deployment shop/cart`, `cart`. Where the first part is both a kind and a namespace it is the kind. */
export function parseNamed(text: string): Named {
  const parts = text.trim().split(/[\s/]+/);
  const kind = parts.length > 1 ? parseKind(parts[0] ?? "") : undefined;
  const rest = kind === undefined ? parts : parts.slice(1);
  const name = rest.at(-1) ?? "";
  return { ...(kind === undefined ? {} : { kind }), ...(rest.length > 1 ? { namespace: rest.at(-2) ?? "" } : {}), name };
}

/** The one namespace that a report is about; empty where it names none, several, or what is in none: that takes a right in the whole cluster. */
export function namespaceOfReport(texts: readonly string[], given: string | undefined): string {
  const named = texts.map(parseNamed).flatMap(({ kind, namespace }) => (kind !== undefined && !RESOURCES[kind].namespaced ? [""] : (namespace ?? [])));
  const all = new Set(given === undefined ? named : [given, ...named]);
  return all.size === 1 ? ([...all][0] ?? "") : "";
}

/** Kinds that a bare name is looked for among, in this order. */
const LIKELY: readonly Kind[] = ["Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job", "Service", "Pod", "ReplicaSet"];

/**
 * What the text names, with the object that answers for it where it is seen. `namespace` is where names without one are looked for; where it is empty
 * too, only nodes and what an incident is alive for are found.
 */
export function resourceNamed(text: string, namespace: string, engine: Pick<EngineFacade, "view" | "explain" | "incidents">): TicketResource {
  const named = parseNamed(text);
  const ref = find(named, named.namespace ?? namespace, engine);
  if (ref === undefined) return { kind: named.kind ?? "", namespace: named.namespace ?? namespace, name: named.name, issue: "" };
  const { subject } = engine.explain(ref);
  return { kind: ref.kind, namespace: ref.namespace, name: ref.name, issue: "", ...(subject === undefined ? {} : { subject: bare(subject) }) };
}

function find({ kind, name }: Named, namespace: string, engine: Pick<EngineFacade, "view" | "incidents">): Ref | undefined {
  const view = engine.view();
  const kinds = kind === undefined ? LIKELY : [kind];
  if (namespace !== "") {
    const found = kinds.find((one) => RESOURCES[one].namespaced && view.get(one, namespace, name) !== undefined);
    return found === undefined ? undefined : { kind: found, namespace, name };
  }
  if ((kind === undefined || kind === "Node") && view.get("Node", "", name) !== undefined) return { kind: "Node", namespace: "", name };
  const alive = engine.incidents().filter(({ phase, subject }) => phase !== "resolved" && subject.name === name && kinds.includes(subject.kind));
  return alive.length === 1 ? alive[0]?.subject : undefined;
}

/** Without its uid: what is reported is about whatever carries the name. */
export function bare({ kind, namespace, name }: Ref): Ref {
  return { kind, namespace, name };
}

/** Which incident is alive for an object, by `refKey`. */
export type Alive = ReadonlyMap<string, string>;

export function aliveIn(incidents: readonly Incident[]): Alive {
  return new Map(incidents.flatMap(({ id, phase, subject }) => (phase === "resolved" ? [] : [[refKey(subject), id]])));
}

/** Ids of the incidents that are alive for what is named. */
export function incidentsFor(resources: readonly TicketResource[], alive: Alive): readonly string[] {
  return [...new Set(resources.flatMap(({ subject }) => (subject === undefined ? [] : (alive.get(refKey(subject)) ?? []))))];
}
