/** Every detector. A new one is one file in `detectors/`, its test, and a line here. */
import type { Detector } from "../model/finding.ts";
import { containerConfigDetector } from "./detectors/container-config.ts";
import { containerCrashingDetector } from "./detectors/container-crashing.ts";
import { containerStartDetector } from "./detectors/container-start.ts";
import { evictedLeftoversDetector } from "./detectors/evicted-leftovers.ts";
import { imagePullDetector } from "./detectors/image-pull.ts";
import { jobFailedDetector } from "./detectors/job-failed.ts";
import { nodeCordonedDetector } from "./detectors/node-cordoned.ts";
import { nodeNotReadyDetector } from "./detectors/node-not-ready.ts";
import { oomKilledDetector } from "./detectors/oom-killed.ts";
import { podNotReadyDetector } from "./detectors/pod-not-ready.ts";
import { podUnschedulableDetector } from "./detectors/pod-unschedulable.ts";
import { replicasMissingDetector } from "./detectors/replicas-missing.ts";
import { rolloutStalledDetector } from "./detectors/rollout-stalled.ts";
import { scaledToZeroDetector } from "./detectors/scaled-to-zero.ts";
import { serviceWithoutEndpointsDetector } from "./detectors/service-without-endpoints.ts";
import { volumeUnavailableDetector } from "./detectors/volume-unavailable.ts";

export const DETECTORS: readonly Detector[] = [
  containerConfigDetector,
  containerCrashingDetector,
  containerStartDetector,
  evictedLeftoversDetector,
  imagePullDetector,
  jobFailedDetector,
  nodeCordonedDetector,
  nodeNotReadyDetector,
  oomKilledDetector,
  podNotReadyDetector,
  podUnschedulableDetector,
  replicasMissingDetector,
  rolloutStalledDetector,
  scaledToZeroDetector,
  serviceWithoutEndpointsDetector,
  volumeUnavailableDetector,
];
