/** Incarnations for tests: builders give one name one uid, and a cluster never gives a uid twice. */
import type { ClusterObject } from "../model/kube.ts";

export class Lives {
  #ended = new Map<string, number>();

  /** The object of this uid has gone; undefined where there was none. */
  end(uid: string | undefined): void {
    if (uid === undefined) return;
    const first = uid.split("#", 1)[0] ?? uid;
    this.#ended.set(first, (this.#ended.get(first) ?? 0) + 1);
  }

  /** The object as it is made now: its own uid and those it refers to are the ones of the present lives. */
  present<T extends ClusterObject>(object: T): T {
    const living = (key: string, value: unknown): unknown => {
      const ended = key === "uid" ? this.#ended.get(String(value)) : undefined;
      return ended === undefined ? value : `${String(value)}#${ended}`;
    };
    return this.#ended.size === 0 ? object : (JSON.parse(JSON.stringify(object), living) as T);
  }
}
