/** The law that nothing is done outside policy or limits, judged by the writes and by how the world stood at each of them. */
import { refKey } from "@kintsugi/core";
import type { Moment } from "../scenario/moments.ts";
import { type Act, actsOf } from "./acts.ts";
import { deedOf, forbidden, written, wrongAtThatMoment } from "./allowed.ts";
import type { Run } from "./run.ts";
import type { Violation } from "./violation.ts";

const HOUR_MS = 3_600_000;
/** A request may take so long: acts are counted from when they were sent, writes are seen when they landed. */
const REQUEST_MS = 5_000;

export function withinPolicy({ policy, stage }: Run): Violation[] {
  const acts = actsOf(stage.moments.all());
  const begun = acts.filter((act) => !act.isUndo);
  const { actsPerOwnerPerHour, actsPerNamespacePerHour, actsPerClusterPerHour } = policy.limits;
  return [
    ...acts.flatMap(({ moments, isUndo }) =>
      moments.flatMap((moment) => {
        const why = [...wrongAtThatMoment(policy, moment, isUndo), ...(isUndo ? [] : forbidden(policy, deedOf(moment)))];
        return why.map((reason) => ({ law: "no act outside policy", detail: `${written(moment)}: ${reason}` }));
      }),
    ),
    ...over("owner", begun, ownerOf, actsPerOwnerPerHour),
    ...over("namespace", begun, (act) => firstOf(act).write.ref.namespace || ownerOf(act), actsPerNamespacePerHour),
    ...over("cluster", begun, () => "the cluster", actsPerClusterPerHour),
    ...rested(begun, policy.limits.cooldown),
  ];
}

function firstOf(act: Act): Moment {
  const first = act.moments[0];
  if (first === undefined) throw new Error("an act without a write");
  return first;
}

function ownerOf(act: Act): string {
  const { chain, write } = firstOf(act);
  const root = chain.at(-1);
  const again = root?.metadata.annotations["kintsugi.dev/recreated-from"];
  const name = write.verb === "create" ? again : root?.metadata.name;
  return refKey({ kind: root?.kind ?? write.ref.kind, namespace: write.ref.namespace, name: name ?? write.ref.name });
}

function over(name: string, acts: readonly Act[], key: (act: Act) => string, limit: number): Violation[] {
  return [...Map.groupBy(acts, key)].flatMap(([who, all]) =>
    all.flatMap((act) => {
      const { at } = firstOf(act).write;
      const within = all.filter((other) => firstOf(other).write.at > at - HOUR_MS + REQUEST_MS && firstOf(other).write.at <= at).length;
      return within > limit ? [{ law: `at most ${limit} acts an hour per ${name}`, detail: `${within} on ${who}` }] : [];
    }),
  );
}

/** Each object rests after an act on it, twice as long after each further one within the hour. */
function rested(acts: readonly Act[], cooldownMs: number): Violation[] {
  return [...Map.groupBy(acts, (act) => refKey(firstOf(act).write.ref))].flatMap(([who, all]) =>
    all.flatMap((act, i) => {
      const { at } = firstOf(act).write;
      const earlier = all.slice(0, i).map((other) => firstOf(other).write.at);
      const last = earlier.at(-1);
      const lately = earlier.filter((one) => one > at - HOUR_MS).length;
      const restMs = cooldownMs * 2 ** Math.max(0, lately - 1) - REQUEST_MS;
      return last === undefined || at - last >= restMs ? [] : [{ law: "a target rests after an act", detail: `${who} rested ${at - last} ms of ${restMs}` }];
    }),
  );
}
