/** All parts, in the order in which they run. */
import { forestSpeed } from "./forest-speed.ts";
import type { Part } from "./part.ts";

export const PARTS: readonly Part[] = [forestSpeed];
