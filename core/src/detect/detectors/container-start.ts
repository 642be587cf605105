/** The runtime cannot start a container: its command, its working directory, its user. */
import { OWNERS, podDetector } from "../pod-detector.ts";
import { containerStart } from "../pod-symptoms.ts";

export const containerStartDetector = podDetector("container-start", OWNERS, containerStart);
