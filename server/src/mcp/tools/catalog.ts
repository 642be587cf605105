/** Every tool, in the order in which they are listed. */
import type { Tool } from "../tool.ts";
import { APPROVAL } from "./approval.ts";
import { CAPACITY } from "./capacity.ts";
import { CLUSTER } from "./cluster.ts";
import { DECISIONS } from "./decisions.ts";
import { INCIDENTS } from "./incidents.ts";
import { MODELS } from "./models.ts";
import { REMEDIATIONS } from "./remediations.ts";

export const TOOLS: readonly Tool[] = [...CLUSTER, ...INCIDENTS, ...REMEDIATIONS, ...APPROVAL, ...DECISIONS, ...CAPACITY, ...MODELS];
