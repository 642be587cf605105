/** Everything that the parts of the simulated cluster share. */

import { Audit } from "../api/actor.ts";
import { Api } from "../api/api.ts";
import type { Random } from "../random.ts";
import type { Timeline } from "../timeline.ts";
import { Events } from "./events.ts";
import { Facts } from "./facts.ts";
import { Images } from "./images.ts";
import { Store } from "./store.ts";

export interface World {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly store: Store;
  readonly api: Api;
  readonly audit: Audit;
  readonly events: Events;
  readonly images: Images;
  readonly facts: Facts;
  /** Secrets: `namespace/name` to key names. They exist for the kubelet alone and are never observed. */
  readonly secrets: Map<string, readonly string[]>;
  /** Of the API server; whoever is upgrading sets another. */
  serverVersion: string;
}

export function createWorld(timeline: Timeline, random: Random): World {
  const store = new Store();
  const audit = new Audit();
  const api = new Api({ timeline, random: random.fork("api"), store, audit });
  const events = new Events(store, timeline, random.fork("events"));
  return { timeline, random, store, api, audit, events, images: new Images(), facts: new Facts(), secrets: new Map(), serverVersion: "v1.34.4" };
}
