/** Raises a container's memory limit to its observed peak times a factor, as far as node, quota and LimitRange allow. */
import { z } from "zod";
import type { Action } from "../../model/action.ts";
import type { Container, PodTemplate } from "../../model/kube.ts";
import { formatBytes, parseQuantity } from "../../model/quantity.ts";
import { refText } from "../../model/ref.ts";
import { unblockSteps } from "../broken-ordinal.ts";
import { impossible, planPatch } from "../field-patch.ts";
import { diffJson } from "../json-diff.ts";
import { type Cap, memoryCaps } from "../memory-caps.ts";
import { parseParams } from "../parameters.ts";
import { anyOf } from "../permissions.ts";
import { TEMPLATE, TEMPLATED, type Templated, templatedOf } from "../workload.ts";

const MI = 2 ** 20;
/** A raise by less than this is not worth a rollout, and would not tell a cure from luck. */
const LEAST_RAISE = 1.05;
/** The catalogue of failure modes (3, OOMKilled) gives 1.25 to 1.5 for an undersized limit; the upper end needs the fewest rounds. */
const DEFAULT_FACTOR = 1.5;

const Params = z.object({
  container: z.string(),
  /** The most that was seen in use; where it was killed at its limit, that limit. */
  peakBytes: z.number().positive(),
  killedAtLimit: z.boolean(),
  factor: z.number().min(LEAST_RAISE).max(4).default(DEFAULT_FACTOR),
});
type Params = z.output<typeof Params>;

export const raiseMemoryLimit: Action = {
  id: "raise-memory-limit",
  title: "Raise a container's memory limit",
  risk: "medium",
  // Pods: a StatefulSet's broken ordinal.
  permissions: [...TEMPLATED.flatMap((kind) => [anyOf(kind, "get"), anyOf(kind, "patch")]), anyOf("Pod", "get"), anyOf("Pod", "delete")],
  plan(target, params, { view }) {
    const parsed = parseParams(Params, params);
    if (!parsed.ok) return impossible(parsed.reason);
    const workload = templatedOf(target, view);
    if (workload === undefined) return impossible(`${refText(target)} is gone or has no pod template that can be changed`);
    const container = containerOf(workload, parsed.value.container);
    const limit = parseQuantity(container?.resources?.limits?.["memory"]);
    if (container === undefined || limit === undefined) return impossible(`container ${parsed.value.container} of ${refText(target)} has no memory limit`);
    const caps = memoryCaps(workload, container, view);
    if ("unknown" in caps) return impossible(caps.unknown);
    const raise = raiseOf(limit, parsed.value, caps);
    if (raise.type === "no") return impossible(raise.why);
    return planPatch(raiseMemoryLimit, workload, {
      summary: `Raise the memory limit of container ${container.name} of ${refText(target)} from ${formatBytes(limit)} to ${formatBytes(raise.to)}: ${raise.why}`,
      difference: diffJson(workload.spec.template, raised(workload.spec.template, container.name, formatBytes(raise.to)), TEMPLATE),
      after: workload.kind === "StatefulSet" ? unblockSteps(workload, view) : [],
      changesSpec: true,
      fields: [TEMPLATE],
    });
  },
};

type Raise = { readonly type: "to"; readonly to: number; readonly why: string } | { readonly type: "no"; readonly why: string };

function raiseOf(limit: number, { peakBytes, killedAtLimit, factor }: Params, caps: readonly Cap[]): Raise {
  if (killedAtLimit && peakBytes < limit) {
    return { type: "no", why: `it was killed at ${formatBytes(peakBytes)}, and its limit has been raised to ${formatBytes(limit)} since` };
  }
  const wanted = Math.ceil((peakBytes * factor) / MI) * MI;
  const lowest = caps.toSorted((a, b) => a.bytes - b.bytes)[0];
  const isCapped = lowest !== undefined && lowest.bytes < wanted;
  const to = isCapped ? Math.floor(lowest.bytes / MI) * MI : wanted;
  const peak = killedAtLimit ? `killed at its limit of ${formatBytes(peakBytes)}` : `seen to use ${formatBytes(peakBytes)}`;
  const sum = `${peak}, x ${factor} = ${formatBytes(wanted)}${isCapped ? `, but no more than ${formatBytes(Math.max(0, to))} by ${lowest.why}` : ""}`;
  return to < limit * LEAST_RAISE
    ? { type: "no", why: `${sum}; that is less than ${LEAST_RAISE} x the present limit of ${formatBytes(limit)}` }
    : { type: "to", to, why: sum };
}

function containerOf({ spec }: Templated, name: string): Container | undefined {
  const { containers, initContainers = [] } = spec.template.spec;
  return [...containers, ...initContainers].find((container) => container.name === name);
}

function raised(template: PodTemplate, name: string, memory: string): PodTemplate {
  const change = (container: Container) => (container.name === name ? withMemory(container, memory) : container);
  const { containers, initContainers } = template.spec;
  const init = initContainers === undefined ? {} : { initContainers: initContainers.map(change) };
  return { ...template, spec: { ...template.spec, containers: containers.map(change), ...init } };
}

/** A request that equals the limit goes up with it: the pod stays Guaranteed, and is not the first to be evicted. */
function withMemory(container: Container, memory: string): Container {
  const { limits, requests } = container.resources ?? {};
  const isEqual = parseQuantity(requests?.["memory"]) === parseQuantity(limits?.["memory"]);
  return {
    ...container,
    resources: { ...container.resources, limits: { ...limits, memory }, ...(requests !== undefined && isEqual ? { requests: { ...requests, memory } } : {}) },
  };
}
