import { swarmPart } from "./testing/part.ts";

swarmPart(1, 51);
