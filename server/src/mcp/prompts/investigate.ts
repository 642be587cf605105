/** Prompts about one thing: an incident, the pods of a namespace. */
import { completable } from "@modelcontextprotocol/server";
import { z } from "zod";
import { segment } from "../backend.ts";
import { incidentIds } from "../readings.ts";
import { incidentId, namespace, objectName } from "../tools/arguments.ts";
import { firstLook, prompt } from "./prompt.ts";

export const investigateIncident = prompt({
  name: "investigate-incident",
  title: "Investigate an incident",
  description: "What broke, why, what was or would be done, and what speaks against it",
  // A copy for each server: the SDK writes into the schema how it is completed.
  arguments: (backend) => z.object({ id: completable(incidentId.clone(), (begun) => incidentIds(backend, begun)) }),
  write: async ({ id }, backend) => ({
    task: `Investigate incident ${id} of this Kubernetes cluster and report to the person who runs it.`,
    steps: [
      `Read explain-incident for ${id}: causes best first, each with evidence for and against and its measured confidence. Say which evidence is missing.`,
      "Look around it with get-topology (kind, namespace and name of its subject): who owns it, who calls it, where it runs, and whether a neighbour is the cause.",
      "Check the best cause against query-signal: events and logs of the pods, of the run before (previous) where a container restarts.",
      `See what was tried with get-remediation for ${id}, and who decided what with get-audit.`,
      `If nothing is proposed, propose-remediation with dry_run shows what would be, gate by gate. Without dry_run it has it proposed.`,
      "Report in this order: what people notice, the likeliest cause and how sure that is, what would be changed (diff), what speaks against it, who decides and until when.",
    ],
    data: [await firstLook("The incident in sentences", () => backend.get(`/api/v2/incidents/${segment(id)}/explain`))],
  }),
});

export const investigatePods = prompt({
  name: "investigate-pods",
  title: "Investigate pods",
  description: "Pods of a namespace that are not well, and why",
  arguments: () => z.object({ namespace, pod_name: objectName.optional() }),
  write: async ({ namespace, pod_name }, backend) => ({
    task:
      pod_name === undefined
        ? `Find out which pods in namespace ${namespace} are not well, and why.`
        : `Find out how pod ${pod_name} in namespace ${namespace} is, and why.`,
    steps: [
      `list-pods with namespace ${namespace}: status, restarts, reasons of waiting and ended containers. A page at a time; fields leaves out what you do not need.`,
      `list-anomalies with namespace ${namespace}: what the engine's detectors say, and which incident each belongs to.`,
      "query-signal events, then logs, for each pod that is not well; previous: true for a container that restarts.",
      "get-topology from the pod: its owner, node, volumes and Services. A pod is seldom the cause: look at its owner and what changed there.",
      "For each that has an incident go on with explain-incident. For one that has none, say what is seen and that no cause is proven.",
    ],
    data: [
      await firstLook("Pods", () =>
        backend.get("/api/v2/pods", { namespace, limit: 30, ...(pod_name === undefined ? {} : { fieldSelector: `metadata.name=${pod_name}` }) }),
      ),
    ],
  }),
});
