/** Many nodes, a zone or many owners at once: one cause outside of each of them. Nothing is done; remediation stops until it is calm. */
import type { Case, Evidence, FailureMode, Health } from "../../model/failure-mode.ts";
import { favours } from "../evidence.ts";

export const storm: FailureMode = {
  id: "storm",
  number: 106,
  title: "Storm: many nodes or workloads at once",
  explains: ["storm"],
  deterministic: true,
  maybeMeant: false,
  specificity: 1,
  examine,
  remedies: () => [],
  healthy,
  recurrenceMs: () => 300_000,
};

function examine(given: Case): readonly Evidence[] | undefined {
  const finding = given.findings.find((one) => one.detector === "storm");
  if (finding === undefined) return undefined;
  const nodes = finding.members.filter((member) => member.kind === "Node");
  return [favours(nodes.length > 0 ? "many-nodes" : "many-owners", finding.summary, ...finding.members.slice(0, 20))];
}

/** The rule itself is applied before diagnosis, over all findings: while it is met there is a finding. */
function healthy(given: Case): Health {
  const finding = given.findings.find((one) => one.detector === "storm");
  return finding === undefined ? { answer: "healthy", reason: "it is calm" } : { answer: "unhealthy", reason: finding.summary };
}
