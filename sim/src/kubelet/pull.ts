/** Whether an image can be pulled, as its registry answers or does not. */
import { registryOf } from "../world/images.ts";
import type { World } from "../world/world.ts";
import { imageNotFound, registryUnreached } from "./words.ts";

/** Name of the fact that nobody answers at a registry. */
export function silenceOf(host: string): string {
  return `registry-down/${host}`;
}

/** In the runtime's words why a pull fails now; undefined when it succeeds. */
export function pullFailure({ images, facts }: World, image: string): string | undefined {
  const host = registryOf(image);
  if (!images.hasRegistry(host)) return registryUnreached(image, "no such host");
  if (facts.since(silenceOf(host)) !== undefined) return registryUnreached(image, "connection refused");
  return images.get(image) === undefined ? imageNotFound(image) : undefined;
}
