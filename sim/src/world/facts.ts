/** Named truths about the world outside a pod (a database is down, a configuration is wrong): set by faults, read by behaviours. */
export class Facts {
  readonly #since = new Map<string, number>();
  readonly #listeners: ((name: string) => void)[] = [];

  onChange(listener: (name: string) => void): void {
    this.#listeners.push(listener);
  }

  set(name: string, now: number): void {
    if (this.#since.has(name)) return;
    this.#since.set(name, now);
    for (const listener of this.#listeners) listener(name);
  }

  clear(name: string): void {
    if (!this.#since.delete(name)) return;
    for (const listener of this.#listeners) listener(name);
  }

  /** Since when it holds, ms; undefined while it does not. */
  since(name: string): number | undefined {
    return this.#since.get(name);
  }
}

/** The fact that a Service has no ready endpoint, as whoever calls it notices. */
export function unserved(namespace: string, service: string): string {
  return `unserved/${namespace}/${service}`;
}
