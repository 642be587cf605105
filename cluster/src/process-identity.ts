import { readFileSync } from "node:fs";

/** A process as recorded on disk. The pid alone may belong to another process by now. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from boot to the start of the process. */
  readonly startTime: number;
  readonly bootId: string;
}

export function identityOf(pid: number): ProcessIdentity | undefined {
  const stat = readStat(pid);
  const startTime = stat === undefined ? undefined : liveStartTime(stat);
  return startTime === undefined ? undefined : { pid, startTime, bootId: bootId() };
}

export function isAlive(recorded: ProcessIdentity): boolean {
  return sameProcess(recorded, identityOf(recorded.pid));
}

export function sameProcess(recorded: ProcessIdentity, now: ProcessIdentity | undefined): boolean {
  return now !== undefined && now.pid === recorded.pid && now.startTime === recorded.startTime && now.bootId === recorded.bootId;
}

/** Sends the signal only if the pid still is the recorded process; tells whether it was sent. */
export function signalProcess(recorded: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(recorded)) return false;
  try {
    process.kill(recorded.pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

/**
 * Start time of a process from its /proc/PID/stat, or undefined for a zombie: that one is dead already.
 * The second field is the command in brackets and may itself hold spaces and brackets.
 */
export function liveStartTime(stat: string): number | undefined {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (fields[0] === "Z" || fields[0] === "X") return undefined;
  const startTime = Number(fields[19]);
  return Number.isSafeInteger(startTime) ? startTime : undefined;
}

function readStat(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined;
  }
}

function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}
