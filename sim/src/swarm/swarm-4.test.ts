import { swarmPart } from "./testing/part.ts";

swarmPart(151, 201);
