/** The kubelet says that an image cannot be pulled, and has said so again after its first back-off. */
import { OWNERS, podDetector } from "../pod-detector.ts";
import { imagePull } from "../pod-symptoms.ts";

export const imagePullDetector = podDetector("image-pull", OWNERS, imagePull);
