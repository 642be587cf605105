import { expect, test } from "vitest";
import { event } from "../../testing/more-objects.ts";
import { container, pod, waiting } from "../../testing/objects.ts";
import { bornAt, caseOf, findingsOf, rollout, settled } from "../../testing/scenes.ts";
import { patternOf } from "../evidence.ts";
import { imageNotFound } from "./image-not-found.ts";

const MISSING =
  'Back-off pulling image "registry.test/cart:2": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image: registry.test/cart:2: not found';
const DEAD =
  'failed to pull and unpack image "registry.test/cart:2": failed to do request: Head "https://registry.test/v2/cart/manifests/2": dial tcp: lookup registry.test: no such host';
const scene = (message: string, reason = "ImagePullBackOff", image = "registry.test/cart:2") => ({
  objects: rollout({
    next: { containers: [container({ image })] },
    newPods: (set) => [pod("cart-2-a", { ownedBy: set, metadata: bornAt(3_600), phase: "Pending", statuses: [waiting(reason, message)] })],
  }),
  now: 3_640,
});
const pattern = (given: ReturnType<typeof caseOf>) => patternOf(imageNotFound.examine(given) ?? []);

test("a tag that the registry does not have, in a new revision, is taken back", () => {
  const given = caseOf(scene(MISSING));
  expect(pattern(given)).toBe("+cannot-pull +image-changed +registry-has-none");
  expect(imageNotFound.remedies(given)).toEqual([{ action: "roll-back", target: given.subject, params: {} }]);
  expect(imageNotFound.healthy(given).answer).toBe("unhealthy");
});

test("older kubelets say it only in the event", () => {
  const { objects, now } = scene('Back-off pulling image "registry.test/cart:2"');
  const victim = objects.at(-1);
  if (victim?.kind !== "Pod") throw new Error("the scene ends with its pod");
  const said = event(victim, "Failed", `Failed to pull image "registry.test/cart:2": ${MISSING}`, 3_610);
  const after = event(victim, "Failed", "Error: ImagePullBackOff", 3_620);
  expect(pattern(caseOf({ objects: [...objects, said, after], now }))).toContain("+registry-has-none");
});

test("a registry that cannot be reached speaks against it", () => {
  expect(pattern(caseOf(scene(DEAD)))).toBe("+cannot-pull +image-changed -registry-trouble");
});

test("unless no image of it ran before: then its name is wrong, and the new revision is taken back", () => {
  const given = caseOf(scene(DEAD.replaceAll("registry.test", "regsitry.test"), "ImagePullBackOff", "regsitry.test/cart:2"));
  expect(pattern(given)).toBe("+cannot-pull +image-changed +registry-new -registry-trouble");
  expect(imageNotFound.remedies(given)).toEqual([{ action: "roll-back", target: given.subject, params: {} }]);
});

test("an image that ran before and cannot be pulled now is not undone by going back", () => {
  const objects = settled({
    pods: (set) => [pod("cart-1-a", { ownedBy: set, metadata: bornAt(9_000), phase: "Pending", statuses: [waiting("ImagePullBackOff", DEAD)] })],
  });
  const given = caseOf({ objects, now: 9_100 });
  expect(pattern(given)).toBe("+cannot-pull -registry-trouble");
  expect(imageNotFound.remedies(given)).toEqual([]);
});

test("a slow pull and a first hiccup are silent", () => {
  expect(findingsOf({ ...scene("", "ContainerCreating"), now: 4_600 })).toEqual([]);
  expect(findingsOf({ ...scene(MISSING, "ErrImagePull"), now: 3_605 })).toEqual([]);
  expect(imageNotFound.examine(caseOf(scene("", "ContainerCreating")))).toBeUndefined();
});

test("once every replica is updated and ready it is healed", () => {
  expect(imageNotFound.healthy(caseOf({ objects: settled(), now: 4_000 }))).toMatchObject({ answer: "healthy" });
});
