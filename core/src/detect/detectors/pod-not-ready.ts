/** A pod runs but its Ready condition stays False. Jobs are not asked: what they run need not serve. */
import { podDetector, SERVING } from "../pod-detector.ts";
import { notReady } from "../pod-symptoms.ts";

export const podNotReadyDetector = podDetector("pod-not-ready", SERVING, notReady);
