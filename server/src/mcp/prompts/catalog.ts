/** Every prompt, in the order in which they are listed. */
import { investigateIncident, investigatePods } from "./investigate.ts";
import { checkAnomalies, correlateIncidents, diagnoseClusterIssues, optimizeDataAccess, predictAndPrevent } from "./overviews.ts";
import type { Prompt } from "./prompt.ts";

export const PROMPTS: readonly Prompt[] = [
  diagnoseClusterIssues,
  investigatePods,
  checkAnomalies,
  optimizeDataAccess,
  predictAndPrevent,
  correlateIncidents,
  investigateIncident,
];
