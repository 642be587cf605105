import { swarmPart } from "./testing/part.ts";

swarmPart(51, 101);
