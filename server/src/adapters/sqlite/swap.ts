/**
 * How a repaired ledger takes the place of the damaged one: first the damaged file goes aside, then the repaired one, which is whole and paused
 * before any of it begins, takes its place. Whoever is killed in between leaves a state that is refused at a start and taken up by the next repair.
 */
import { existsSync, renameSync } from "node:fs";
import { PortError } from "@kintsugi/core";
import { PARTS } from "./place.ts";

/** Where the repaired ledger waits. */
export function repairedOf(file: string): string {
  return `${file}.repaired`;
}

/** Where the next damaged file is to lie. */
export function nextAside(file: string): string {
  return `${file}.damaged-${damagedCount(file) + 1}`;
}

function damagedCount(file: string): number {
  let count = 0;
  while (existsSync(`${file}.damaged-${count + 1}`)) count++;
  return count;
}

/** Finishes a repair whose `repairedOf(file)` is there; says where the damaged file lies. Throws what the file system says. */
export function swapIn(file: string): string {
  const aside = existsSync(file) ? nextAside(file) : `${file}.damaged-${Math.max(1, damagedCount(file))}`;
  // The log holds records that have not reached the main file: it moves with it.
  for (const part of PARTS) if (existsSync(file + part)) renameSync(file + part, aside + part);
  renameSync(repairedOf(file), file);
  return aside;
}

/** A new or a damaged ledger must not begin where a repair was broken off: what it had saved would be forgotten. Throws PortError `invalid`. */
export function refuseUnfinished(file: string): void {
  const refuse = (why: string): never => {
    throw new PortError({ kind: "invalid", message: `${why} Nothing was started.` });
  };
  if (existsSync(repairedOf(file))) refuse(`the repair of the ledger ${file} has not come to its end: start once more with --ledger-repair.`);
  if (existsSync(file)) return;
  const count = damagedCount(file);
  if (count > 0)
    refuse(
      `there is no ledger at ${file}, but a damaged one at ${file}.damaged-${count}: move that back and start with --ledger-repair, or move it elsewhere.`,
    );
  if (existsSync(`${file}-wal`))
    refuse(`there is no ledger at ${file}, but its newest records are in ${file}-wal: bring back the file, or move that one elsewhere.`);
}
