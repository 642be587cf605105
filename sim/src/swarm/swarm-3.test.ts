import { swarmPart } from "./testing/part.ts";

swarmPart(101, 151);
