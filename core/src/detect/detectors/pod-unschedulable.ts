/** The scheduler finds no node for a pod, for longer than an autoscaler may take. */
import { OWNERS, podDetector } from "../pod-detector.ts";
import { unschedulable } from "../pod-symptoms.ts";

export const podUnschedulableDetector = podDetector("pod-unschedulable", OWNERS, unschedulable);
