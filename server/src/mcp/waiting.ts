/** Looks again and again until something is so, for as long as it was asked to, and tells how far it is. */
import { setTimeout as wait } from "node:timers/promises";
import type { Use } from "./tool.ts";

const LOOK_EVERY_MS = 500;

export interface Watched<T> {
  readonly seconds: number;
  look(): Promise<T>;
  isOver(value: T): boolean;
  /** In a few words, for who waits. */
  says(value: T): string;
}

/** The last thing that was seen, over or not. Rejects when the call is cancelled. */
export async function watched<T>({ progress, signal }: Pick<Use, "progress" | "signal">, { seconds, look, isOver, says }: Watched<T>): Promise<T> {
  const began = performance.now();
  let told = "";
  for (;;) {
    const value = await look();
    const passed = Math.min((performance.now() - began) / 1_000, seconds);
    const said = says(value);
    if (said !== told) await progress(Math.round(passed), seconds, said);
    told = said;
    if (isOver(value) || passed >= seconds) return value;
    await wait(Math.min(LOOK_EVERY_MS, (seconds - passed) * 1_000), undefined, { signal });
  }
}
