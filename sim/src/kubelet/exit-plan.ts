/** When a running container will end by itself, and how: its program's own exits and its memory against its limit. */
import { type Container, parseQuantity } from "@kintsugi/core";
import type { Facts } from "../world/facts.ts";
import type { ImageBehaviour, MemoryNeed, When } from "../world/images.ts";

export interface PlannedExit {
  readonly at: number;
  readonly code: number;
  readonly reason: "Completed" | "Error" | "OOMKilled";
  readonly log: string;
}

export interface RunFacts {
  readonly facts: Facts;
  readonly startedAt: number;
  /** Earlier starts of this container under the same owner. */
  readonly earlierRuns: number;
  /** `namespace/name` of its pod. */
  readonly pod: string;
}

const HOUR_MS = 3_600_000;
/** How long a container takes from its base to its peak. */
const RAMP_MS = 10_000;

export function planExit(does: ImageBehaviour, container: Container, run: RunFacts): PlannedExit | undefined {
  const own = shellExit(does, container, run) ?? ownExit(does, run);
  const limit = parseQuantity(container.resources?.limits?.["memory"]);
  const full = limit === undefined ? undefined : fullAt(does.memory, limit, run.startedAt);
  if (full !== undefined && (own === undefined || full < own.at)) return { at: full, code: 137, reason: "OOMKilled", log: "" };
  return own;
}

/** How long a shell takes to look for a program, ms. */
const LOOK_UP_MS = 20;
/** What a shell does itself, of what commands begin with. */
const BUILT_IN = new Set(["exec", "exit", "trap", "while", "until", "for", "if", "set", "cd", "export", "test", "[", ":"]);

/** `sh -c "serve --port 8080"`: the shell is there and starts, and ends with 127 where it finds no such program. */
function shellExit({ executables }: ImageBehaviour, container: Container, { startedAt }: RunFacts): PlannedExit | undefined {
  const command = container["command"];
  const [shell, flag, text] = Array.isArray(command) ? command.map(String) : [];
  if (shell === undefined || !/^(\/bin\/)?sh$/.test(shell) || flag !== "-c" || text === undefined) return undefined;
  const program = text.trim().split(/\s+/)[0] ?? "";
  if (BUILT_IN.has(program) || executables.includes(program)) return undefined;
  return { at: startedAt + LOOK_UP_MS, code: 127, reason: "Error", log: `sh: ${program}: not found` };
}

function ownExit(does: ImageBehaviour, run: RunFacts): PlannedExit | undefined {
  for (const exit of does.exits) {
    const since = holdsSince(exit.when, run);
    if (since === undefined) continue;
    return { at: Math.max(since, run.startedAt) + exit.afterMs, code: exit.code, reason: exit.code === 0 ? "Completed" : "Error", log: exit.log };
  }
  return undefined;
}

/** Since when the condition holds for this run; undefined while it does not. */
export function holdsSince(when: When, run: RunFacts): number | undefined {
  if (when.type === "always") return run.startedAt;
  if (when.type === "fact") return run.facts.since(when.name);
  if (when.type === "pod-fact") return run.facts.since(`${when.name}@${run.pod}`);
  return run.earlierRuns < when.count ? run.startedAt : undefined;
}

/** The moment at which the working set reaches `limit`; undefined when it never does. */
export function fullAt(need: MemoryNeed, limit: number, startedAt: number): number | undefined {
  if (need.baseBytes >= limit) return startedAt + 500;
  const leaks = need.leakBytesPerHour ?? 0;
  const leak = leaks > 0 ? startedAt + ((limit - need.baseBytes) / leaks) * HOUR_MS : Number.POSITIVE_INFINITY;
  const peak = need.peakBytes ?? 0;
  const peakAt =
    peak >= limit ? startedAt + (need.peakAfterMs ?? 0) + (RAMP_MS * (limit - need.baseBytes)) / Math.max(1, peak - need.baseBytes) : Number.POSITIVE_INFINITY;
  const at = Math.min(leak, peakAt);
  return Number.isFinite(at) ? at : undefined;
}

/** Working set at `now`, bytes: what cAdvisor would report. */
export function workingSet(need: MemoryNeed, startedAt: number, now: number): number {
  const age = Math.max(0, now - startedAt);
  const leaked = ((need.leakBytesPerHour ?? 0) * age) / HOUR_MS;
  if (need.peakBytes === undefined) return need.baseBytes + leaked;
  const ramp = Math.min(1, Math.max(0, (age - (need.peakAfterMs ?? 0)) / RAMP_MS));
  return need.baseBytes + ramp * (need.peakBytes - need.baseBytes) + leaked;
}
