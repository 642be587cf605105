/** Several ways to be somebody, asked in order. Who is proven is judged by the cluster's RBAC, who holds a generated token by that token. */
import type { Access } from "./access.ts";

export interface ChainLinks {
  /** The generated tokens; undefined where they open nothing. */
  readonly embedded?: Access;
  /** Each is asked whose token it is until one knows; `claims` says which tokens are its own, and no other is then asked. */
  readonly identities: readonly Identity[];
  readonly rights: Pick<Access, "may">;
}

export interface Identity extends Pick<Access, "authenticate" | "hint"> {
  /** Says of a token, by what it says of itself, that it is for this one alone: it is shown to nobody else. */
  readonly claims?: (token: string) => boolean;
}

export function chainAccess({ embedded, identities, rights }: ChainLinks): Access {
  return {
    hint: [...identities, ...(embedded === undefined ? [] : [embedded])].map(({ hint }) => hint).join("; or "),
    authenticate: async (token) => {
      const local = await embedded?.authenticate(token);
      if (local !== undefined) return local;
      const owner = identities.find(({ claims }) => claims?.(token) === true);
      if (owner !== undefined) return owner.authenticate(token);
      for (const identity of identities) {
        if (identity.claims !== undefined) continue;
        const caller = await identity.authenticate(token);
        if (caller !== undefined) return caller;
      }
      return undefined;
    },
    may: (caller, right) => {
      if (caller.identity === "proven") return rights.may(caller, right);
      return embedded === undefined ? Promise.resolve("denied") : embedded.may(caller, right);
    },
  };
}
