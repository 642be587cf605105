/** Every tool, in the order in which they are listed. */
import type { Tool } from "../tool.ts";
import { DECISIONS } from "./decisions.ts";
import { INCIDENTS } from "./incidents.ts";

export const TOOLS: readonly Tool[] = [...INCIDENTS, ...DECISIONS];
