/** Every situation that a real cluster was made to show. */
import { CRASHES } from "./crashes.ts";
import { NEEDS } from "./needs.ts";
import { NODES } from "./nodes.ts";
import { ROLLOUTS } from "./rollouts.ts";
import type { Scene } from "./scene.ts";

export const SCENES: readonly Scene[] = [...CRASHES, ...ROLLOUTS, ...NEEDS, ...NODES];
