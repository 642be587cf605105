/** All parts, in the order in which they run. */
import { nab } from "./nab.ts";
import type { Part } from "./part.ts";

export const PARTS: readonly Part[] = [nab];
