/** Rights by the cluster's own RBAC: a SubjectAccessReview on a virtual resource of `kintsugi.dev`. Reading is believed for a moment, writing is asked every time. */
import type { Kubernetes, KubernetesUser } from "../adapters/kubernetes/index.ts";
import { Remembered } from "../remembered.ts";
import type { Access, Permitted } from "./access.ts";
import type { Caller } from "./caller.ts";
import { API_GROUP, isReading, type Right } from "./right.ts";
import { Turnstile } from "./turnstile.ts";

export interface ClusterRightsOptions {
  readonly mayUser: Kubernetes["mayUser"];
  /** A clock that never steps, ms. */
  readonly monotonic: () => number;
}

const KNOWN_MS = 10_000;
const MOST = 20_000;
/** A list over many namespaces asks about each of them. */
const AT_ONCE = 16;
const MOST_WAITING = 5_000;
/** Of one caller: whoever asks about everything everywhere keeps nobody else from being answered. */
const MOST_OF_ONE = 2_000;

export function clusterRights({ mayUser, monotonic }: ClusterRightsOptions): Pick<Access, "may"> {
  const remembered = new Remembered<Permitted>(MOST, monotonic);
  const turnstile = new Turnstile(AT_ONCE, MOST_WAITING);
  const asking = new Map<string, number>();
  const ask = async (caller: Caller, { resource, verb, namespace }: Right): Promise<Permitted> => {
    const mine = asking.get(caller.name) ?? 0;
    if (mine >= MOST_OF_ONE) return "unknown";
    asking.set(caller.name, mine + 1);
    try {
      return (await turnstile.pass(() => mayUser(userOf(caller), { group: API_GROUP, resource, verb, namespace }))) ?? "unknown";
    } finally {
      const left = (asking.get(caller.name) ?? 1) - 1;
      if (left === 0) asking.delete(caller.name);
      else asking.set(caller.name, left);
    }
  };
  return {
    may: (caller, right) => {
      if (!isReading(right)) return ask(caller, right);
      return remembered.get(keyOf(caller, right), async () => {
        const value = await ask(caller, right);
        return { value, until: value === "unknown" ? undefined : monotonic() + KNOWN_MS };
      });
    },
  };
}

function userOf({ name, uid, groups, extra }: Caller): KubernetesUser {
  return { username: name, groups, ...(uid === undefined ? {} : { uid }), ...(extra === undefined ? {} : { extra }) };
}

function keyOf(caller: Caller, { resource, verb, namespace }: Right): string {
  return JSON.stringify([userOf(caller), resource, verb, namespace]);
}
