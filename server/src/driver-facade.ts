/** The running driver as the HTTP API sees it. */
import { type Asker, type ClusterPort, type CommandReply, type Driver, explain, KINDS, ownershipOf, preview, type ViewHealth } from "@kintsugi/core";
import type { EngineFacade } from "./engine-facade.ts";
import { NOT_KEPT, type PolicyKeeping } from "./policy-keeping.ts";
import type { Sight } from "./sight.ts";

export interface FacadeOptions {
  readonly version: string;
  /** Wall clock at the start, ms. */
  readonly startedAt: number;
  /** When the loop last turned by the wall clock, ms. */
  readonly lastStepAt: () => number | undefined;
  readonly sight: Pick<Sight, "reasonOf">;
  readonly cluster: Pick<ClusterPort, "review" | "logs">;
  /** Where a policy stays that is put through the API; nowhere when undefined, as in a demo. */
  readonly policies?: PolicyKeeping;
}

/** A kind that is forbidden or not served is a known gap; a stale one, or one that was not listed yet, is a blind spot. */
const KNOWN: ReadonlySet<ViewHealth> = new Set(["live", "forbidden", "not-served"]);

export function facadeOf(driver: Driver, { version, startedAt, lastStepAt, sight, cluster, policies = NOT_KEPT }: FacadeOptions): EngineFacade {
  const { state } = driver;
  let changing: Promise<unknown> = Promise.resolve();
  return {
    incidents: () => [...state.incidents.values()],
    incident: (id) => state.incidents.get(id),
    tickets: () => [...state.tickets.values()],
    command: (command, by) => driver.command(command, by),
    explain: (ref) => explain(state, ref),
    policy: () => state.policy,
    policyFile: policies.ownedBy,
    putPolicy: (given, by) => {
      // One after the other: what is kept is what is in force.
      const change = changing.then(() => putPolicy(driver, policies, given, by));
      changing = change.catch(() => undefined);
      return change;
    },
    view: () => state.view,
    findings: () => state.detection.findings(),
    ownership: (ref) => ownershipOf(ref, state.view, state.policy),
    preview: (id, options) => preview(state, id, options),
    explained: () => state.correlation.last.groups.flatMap(({ subject: by, explains }) => explains.map(({ subject, why }) => ({ by, subject, why }))),
    cluster,
    silences: () => state.silences.filter(({ until }) => until > driver.now()),
    onRecord: (listener) => driver.onRecord(listener),
    status: () => {
      const watches = KINDS.map((kind) => {
        const reason = sight.reasonOf(kind);
        return { kind, health: state.view.health(kind), ...(reason === undefined ? {} : { reason }) };
      });
      const stepped = lastStepAt();
      return {
        version,
        cluster: state.cluster,
        now: driver.now(),
        startedAt,
        ...(stepped === undefined ? {} : { lastStepAt: stepped }),
        authority: state.authority,
        ...(state.paused === undefined ? {} : { paused: state.paused }),
        ...(state.storm === undefined ? {} : { storm: state.storm.reason }),
        policy: { name: state.policy.name, hash: state.policy.hash, mode: state.policy.spec.mode },
        watches,
        synced: watches.every(({ health }) => KNOWN.has(health)),
        ...(driver.storeTrouble === undefined ? {} : { storeTrouble: driver.storeTrouble }),
      };
    },
  };
}

/** The document is on disk before the engine hears of it, and takes the place of the one before once the change is recorded. */
async function putPolicy(
  driver: Driver,
  policies: PolicyKeeping,
  { policy, document, instead }: Parameters<EngineFacade["putPolicy"]>[0],
  by: Asker,
): Promise<CommandReply> {
  if (driver.state.policy.hash !== instead)
    return { ok: false, code: "conflict", text: "another policy was put in force meanwhile: look at it before you change it" };
  const prepared = policies.prepare(document);
  const reply = await driver.setPolicy(policy, by);
  if (reply.ok) prepared.commit();
  else prepared.drop();
  return reply;
}
