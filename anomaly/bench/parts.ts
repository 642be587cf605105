/** All parts, in the order in which they run. */
import { capacity } from "./capacity.ts";
import { changePointsPart } from "./change-points.ts";
import type { Part } from "./part.ts";
import { petshop } from "./petshop.ts";

export const PARTS: readonly Part[] = [capacity, changePointsPart, petshop];
