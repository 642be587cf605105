/** A pod is on a node and its volume cannot be attached or mounted. Attaching takes its time, so a start gets its window. */
import { OWNERS, podDetector } from "../pod-detector.ts";
import { volumeUnavailable } from "../pod-symptoms.ts";

export const volumeUnavailableDetector = podDetector("volume-unavailable", OWNERS, volumeUnavailable);
