import { expect, test } from "vitest";
import { at, pod, ref, waiting } from "../../testing/objects.ts";
import { look, settled } from "../../testing/scenes.ts";
import { imagePullDetector } from "./image-pull.ts";

const MISSING = 'rpc error: code = NotFound desc = failed to pull and unpack image "registry.test/cart:9": registry.test/cart:9: not found';
const cart = (reason: string) => settled({ pods: (set) => [pod("cart-1-a", { ownedBy: set, phase: "Pending", statuses: [waiting(reason, MISSING)] })] });

test("an image that cannot be pulled is reported with the kubelet's words, since the pod began", () => {
  const { finding } = look(imagePullDetector, { objects: cart("ImagePullBackOff"), now: 30 });
  expect(finding).toMatchObject({ detector: "image-pull", subject: ref("Deployment", "cart"), count: 1, lostShare: 1, since: at(0) });
  expect(finding?.summary).toContain("not found");
  expect(finding?.members.map((member) => member.name)).toEqual(["cart-1-a"]);
});

test("a first failure may be a passing one: it is looked at again after the kubelet's first back-off", () => {
  expect(look(imagePullDetector, { objects: cart("ErrImagePull"), now: 5 })).toEqual({ recheckAt: at(10) });
  expect(look(imagePullDetector, { objects: cart("ErrImagePull"), now: 10 }).finding).toBeDefined();
});

test("a name that no registry can have is reported at once", () => {
  expect(look(imagePullDetector, { objects: cart("InvalidImageName"), now: 1 }).finding).toBeDefined();
});

test("a slow pull is no failure", () => {
  expect(look(imagePullDetector, { objects: cart("ContainerCreating"), now: 1_000 })).toEqual({});
});

test("running pods are none of its business", () => {
  expect(look(imagePullDetector, { objects: settled(), now: 1_000 })).toEqual({});
});

test("a pod that is on its way out is not counted", () => {
  const objects = settled({
    pods: (set) => [
      pod("cart-1-a", { ownedBy: set, metadata: { deletionTimestamp: "2026-03-01T12:00:20Z" }, statuses: [waiting("ImagePullBackOff", MISSING)] }),
    ],
  });
  expect(look(imagePullDetector, { objects, now: 30 })).toEqual({});
});

test("without a live view of pods or ReplicaSets nothing is claimed", () => {
  expect(look(imagePullDetector, { objects: cart("ImagePullBackOff"), now: 30, health: { Pod: "stale" } })).toEqual({});
  expect(look(imagePullDetector, { objects: cart("ImagePullBackOff"), now: 30, health: { ReplicaSet: "forbidden" } })).toEqual({});
});
