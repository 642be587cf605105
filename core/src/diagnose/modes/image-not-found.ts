/** The registry does not have the image: a typo, a tag that was never pushed, a name that cannot be one. */

import { counted } from "../../model/counted.ts";
import type { Case, Evidence, FailureMode, Remedy } from "../../model/failure-mode.ts";
import { workloadHealth } from "../../model/workload-health.ts";
import { against, favours } from "../evidence.ts";
import { quote, refsOf, type TroubledPod, troubled } from "../failing-pods.ts";
import { bothContainers, isSuspect, newRevision } from "../new-revision.ts";

/** containerd, CRI-O and Docker for a manifest or repository that is not there, and names that no registry can have. */
const NOT_FOUND = /not found|manifest unknown|name unknown|does not exist|no such image|couldn't parse image|invalid reference format|InvalidImageName/i;
/** Asked and refused, or never reached: another trouble, whatever else the message says. */
const REGISTRY = /unauthorized|authentication|denied|forbidden|toomanyrequests|\b429\b|rate limit|timeout|connection refused|no such host|x509|\b50[0234]\b/i;

export const imageNotFound: FailureMode = {
  id: "image-not-found",
  number: 8,
  title: "Image not found",
  explains: ["image-pull", "rollout-stalled"],
  deterministic: true,
  maybeMeant: false,
  specificity: 1,
  examine,
  remedies,
  healthy: (given) => workloadHealth(given.view, given.subject),
  recurrenceMs: () => 30_000,
};

function examine(given: Case): readonly Evidence[] | undefined {
  const pulls = troubled(given, "image-pull");
  const first = pulls[0];
  if (first === undefined) return undefined;
  const refs = refsOf(pulls.map((one) => one.pod));
  const said = pulls.map(({ pod, trouble }) => `${trouble.reason} ${trouble.message} ${lastFailure(given, pod.metadata.uid)}`);
  const evidence: Evidence[] = [
    favours("cannot-pull", `${counted(pulls.length, "pod", "pods")} cannot pull: ${first.trouble.reason}${quote(first.trouble.message)}`, ...refs),
  ];
  if (said.some((text) => REGISTRY.test(text))) {
    evidence.push(against("registry-trouble", `the registry was not reached or refused${quote(said[0] ?? "")}`, ...refs));
    evidence.push(...registryChange(given, pulls));
  } else if (said.some((text) => NOT_FOUND.test(text))) {
    evidence.push(favours("registry-has-none", `the registry says that it is not there${quote(said[0] ?? "")}`, ...refs));
  }
  const changed = imageChange(given, pulls);
  if (changed !== undefined) evidence.push(changed);
  return evidence;
}

/** The kubelet's last word in Events: back-off messages of older kubelets leave the cause out. */
function lastFailure(given: Case, uid: string): string {
  return given.view.eventsOf(uid).findLast((event) => event.reason === "Failed" && event.message.startsWith("Failed to pull image"))?.message ?? "";
}

/**
 * A registry that no earlier image came from and that cannot be reached is a name written wrong. One that served the image before has its own
 * trouble, and concerns whoever pulls from it: going back everywhere is no cure for that.
 */
function registryChange(given: Case, pulls: readonly TroubledPod[]): readonly Evidence[] {
  const revision = newRevision(
    given,
    pulls.map((one) => one.pod),
  );
  if (revision === undefined) return [];
  return pulls
    .flatMap(({ trouble }) => bothContainers(revision, trouble.container) ?? [])
    .map(({ now, before }) => ({ now: registryOf(now.image), before: registryOf(before.image) }))
    .filter(({ now, before }) => now !== before)
    .slice(0, 1)
    .map(({ now, before }) => favours("registry-new", `${revision.text}: its image comes from ${now}, the one before came from ${before}`));
}

/** Host part of an image's name, as the container runtimes read it; without one it is Docker Hub's. */
function registryOf(image: string): string {
  const first = image.includes("/") ? image.slice(0, image.indexOf("/")) : "";
  return first.includes(".") || first.includes(":") || first === "localhost" ? first : "docker.io";
}

function imageChange(given: Case, pulls: readonly TroubledPod[]): Evidence | undefined {
  const revision = newRevision(
    given,
    pulls.map((one) => one.pod),
  );
  if (revision === undefined) return undefined;
  for (const { trouble } of pulls) {
    const both = bothContainers(revision, trouble.container);
    if (both !== undefined && both.now.image !== both.before.image)
      return favours("image-changed", `${revision.text}: ${both.before.image} became ${both.now.image}`);
  }
  return against("image-same", `${revision.text}, but not in this image, which ran before`);
}

function remedies(given: Case): readonly Remedy[] {
  const pods = troubled(given, "image-pull").map((one) => one.pod);
  return isSuspect(newRevision(given, pods)) ? [{ action: "roll-back", target: given.subject, params: {} }] : [];
}
