/** Remediations that were begun: of incidents in memory, and of those that only the ledger remembers. */
import type { Attempt, Incident, Record } from "@kintsugi/core";
import { type Page, pageOf } from "../answers/page.ts";
import { remediationKey, startOfKey } from "../answers/remediations.ts";
import type { ApiContext } from "./context.ts";

export interface KnownAttempt {
  readonly attempt: Attempt;
  /** As it is now, or as the ledger last saw it. */
  readonly incident: Incident;
}

export interface AttemptsWanted {
  readonly limit: number;
  readonly after?: string | undefined;
  readonly incident?: string | undefined;
  /** Not begun before, ms. */
  readonly since?: number | undefined;
  matches(known: KnownAttempt): boolean | Promise<boolean>;
}

/** So many acts of the ledger are looked at for one page; the next goes on from there. */
const MAX_SCANNED = 2_000;
const AT_ONCE = 200;
/** The snapshots of one incident in which an attempt is looked for. */
const MAX_SNAPSHOTS = 200;

const keyOf = ({ attempt }: KnownAttempt): string => remediationKey(attempt);

/** Newest first. */
export async function attemptsPage(context: Pick<ApiContext, "engine" | "ledger">, wanted: AttemptsWanted): Promise<Page<KnownAttempt>> {
  const found = await inMemory(context, wanted);
  const known = new Set(found.map(({ attempt }) => attempt.id));
  const { more, reached } = await fromLedger(context, wanted, known);
  const within = [...found, ...more].filter((one) => reached === undefined || keyOf(one) >= reached);
  const chosen: KnownAttempt[] = [];
  for (const one of within) if (await wanted.matches(one)) chosen.push(one);
  const page = pageOf(chosen, keyOf, wanted, "descending");
  return page.next === undefined && reached !== undefined ? { ...page, next: reached } : page;
}

/** One attempt by its number. */
export async function findAttempt(
  { engine, ledger }: Pick<ApiContext, "engine" | "ledger">,
  incident: string,
  number: number,
): Promise<KnownAttempt | undefined> {
  const id = `${incident}/${number}`;
  const live = engine.incident(incident);
  return (live === undefined ? undefined : attemptIn(live, id)) ?? lookUp(ledger, incident, id);
}

async function inMemory({ engine }: Pick<ApiContext, "engine">, { incident, since }: AttemptsWanted): Promise<readonly KnownAttempt[]> {
  return engine
    .incidents()
    .filter(({ id }) => incident === undefined || id === incident)
    .flatMap((of) => of.attempts.map((attempt) => ({ attempt, incident: of })))
    .filter(({ attempt }) => since === undefined || attempt.startedAt >= since);
}

/** Walks the acts back in time until there is more than a page. `reached`: the place where it stopped although there is more. */
async function fromLedger(
  { ledger, engine }: Pick<ApiContext, "engine" | "ledger">,
  wanted: AttemptsWanted,
  known: ReadonlySet<string>,
): Promise<{ readonly more: readonly KnownAttempt[]; readonly reached?: string }> {
  const begun = wanted.after === undefined ? undefined : startOfKey(wanted.after);
  const about = {
    types: ["act" as const],
    order: "newest-first" as const,
    limit: AT_ONCE,
    ...(wanted.incident === undefined ? {} : { incident: wanted.incident }),
    ...(wanted.since === undefined ? {} : { since: wanted.since }),
    ...(begun === undefined ? {} : { until: begun + 1 }),
  };
  const more: KnownAttempt[] = [];
  const seen = new Set(known);
  let matching = 0;
  let beforeSeq: number | undefined;
  for (let scanned = 0; ; scanned += AT_ONCE) {
    const acts = await ledger.find({ ...about, ...(beforeSeq === undefined ? {} : { beforeSeq }) });
    for (const act of acts) {
      const one = beginning(act, seen) ? await lookUpLive({ engine, ledger }, act) : undefined;
      if (one === undefined || one.attempt.startedAt !== act.at) continue;
      seen.add(one.attempt.id);
      more.push(one);
      if ((wanted.after === undefined || keyOf(one) < wanted.after) && (await wanted.matches(one))) matching += 1;
    }
    const last = acts.at(-1);
    beforeSeq = last?.seq;
    if (last?.body.type !== "act" || acts.length < AT_ONCE || matching > wanted.limit) return { more };
    if (scanned + AT_ONCE >= MAX_SCANNED) return { more, reached: remediationKey({ startedAt: last.at, id: last.body.attempt }) };
  }
}

function beginning({ body }: Record, seen: ReadonlySet<string>): boolean {
  return body.type === "act" && !body.undo && body.index === 0 && !seen.has(body.attempt);
}

async function lookUpLive({ engine, ledger }: Pick<ApiContext, "engine" | "ledger">, { body }: Record): Promise<KnownAttempt | undefined> {
  if (body.type !== "act") return undefined;
  const live = engine.incident(body.incident);
  return (live === undefined ? undefined : attemptIn(live, body.attempt)) ?? lookUp(ledger, body.incident, body.attempt);
}

/** An incident keeps its last attempts only, so an early one is in an earlier snapshot. */
async function lookUp(ledger: ApiContext["ledger"], incident: string, id: string): Promise<KnownAttempt | undefined> {
  for (const limit of [1, MAX_SNAPSHOTS]) {
    for (const { body } of await ledger.find({ incident, types: ["incident"], order: "newest-first", limit })) {
      const found = body.type === "incident" ? attemptIn(body.incident, id) : undefined;
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function attemptIn(incident: Incident, id: string): KnownAttempt | undefined {
  const attempt = incident.attempts.find((one) => one.id === id);
  return attempt === undefined ? undefined : { attempt, incident };
}
