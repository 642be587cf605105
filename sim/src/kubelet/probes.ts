/** Readiness, liveness and startup probes (pkg/kubelet/prober/worker.go). A probe whose answer cannot change is not run again until something does. */
import type { Container, Probe } from "@kintsugi/core";
import type { ImageBehaviour } from "../world/images.ts";
import { holdsSince, type RunFacts } from "./exit-plan.ts";
import type { ProbeFailure } from "./words.ts";

export interface ProbeRun {
  readonly probe: Probe;
  failures: number;
  successes: number;
  /** Next run, ms; infinite while its answer cannot change. */
  nextAt: number;
  passed: boolean;
}

export function startProbe(probe: Probe, firstAt: number): ProbeRun {
  return { probe, failures: 0, successes: 0, nextAt: firstAt, passed: false };
}

export function periodMs(probe: Probe): number {
  return (probe.periodSeconds ?? 10) * 1000;
}

/** Counts one answer. Returns what just became of it: `passed`, `failed` (threshold reached), or undefined. */
export function count(run: ProbeRun, isSuccess: boolean, now: number): "passed" | "failed" | undefined {
  run.nextAt = now + periodMs(run.probe);
  if (isSuccess) {
    run.failures = 0;
    run.successes += 1;
    if (run.successes < (run.probe.successThreshold ?? 1)) return undefined;
    run.nextAt = Number.POSITIVE_INFINITY;
    const isNews = !run.passed;
    run.passed = true;
    return isNews ? "passed" : undefined;
  }
  run.successes = 0;
  run.failures += 1;
  if (run.failures < (run.probe.failureThreshold ?? 3)) return undefined;
  const isNews = run.passed;
  run.passed = false;
  return isNews || run.failures === (run.probe.failureThreshold ?? 3) ? "failed" : undefined;
}

/** Takes a resting probe up again on its own beat. */
export function wake(run: ProbeRun, startedAt: number, now: number): void {
  if (Number.isFinite(run.nextAt)) return;
  const period = periodMs(run.probe);
  run.nextAt = startedAt + Math.ceil((now - startedAt + 1) / period) * period;
}

/** The probe's answer now: undefined is a success. */
export function ask(probe: Probe, container: Container, does: ImageBehaviour, run: RunFacts, ip: string, now: number): ProbeFailure | undefined {
  const port = portOf(probe, container);
  const path = probe.httpGet?.path ?? (probe.httpGet === undefined ? "" : "/");
  const address = `${ip}:${port ?? ""}`;
  const isUp = now >= run.startedAt + does.startMs;
  if (probe.exec === undefined && (!isUp || port === undefined || !does.ports.includes(port))) return { type: "refused", address, path };
  if (!isUp) return { type: "exec" };
  const trouble = does.unready.find((one) => (one.path === undefined || one.path === path) && holdsSince(one.when, run) !== undefined);
  if (probe.exec !== undefined) return trouble === undefined && hasFile(probe.exec, does) ? undefined : { type: "exec" };
  if (trouble !== undefined && probe.tcpSocket === undefined) {
    return trouble.statusCode === 0 ? { type: "timeout", address, path } : { type: "status", code: trouble.statusCode };
  }
  if (probe.httpGet !== undefined && !does.paths.includes(path)) return { type: "status", code: 404 };
  return undefined;
}

/** `test -e FILE`; of other commands nothing is known, and they succeed. */
function hasFile({ command = [] }: NonNullable<Probe["exec"]>, does: ImageBehaviour): boolean {
  return command[0] !== "test" || does.paths.includes(command.at(-1) ?? "");
}

function portOf(probe: Probe, container: Container): number | undefined {
  const port = probe.httpGet?.port ?? probe.tcpSocket?.port;
  if (typeof port !== "string") return port;
  return container.ports?.find((one) => one.name === port)?.containerPort;
}
