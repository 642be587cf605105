/** What containers do, declared by image: a template that names another image behaves differently, a restart of the same one does not. */
import type { Container } from "@kintsugi/core";

/** When something holds. Facts are named truths about the world outside a pod: `world.facts`. */
export type When =
  | { readonly type: "always" }
  /** While the fact is set. */
  | { readonly type: "fact"; readonly name: string }
  /** While the fact `name@namespace/pod` is set: one pod is stuck, another in its place is not. */
  | { readonly type: "pod-fact"; readonly name: string }
  /** In the first `count` runs of the container under the same owner: what a flaky job does. */
  | { readonly type: "first-runs"; readonly count: number };

/** The process ends by itself. The first exit whose `when` holds counts. */
export interface Exit {
  readonly when: When;
  /** After the start, or after the fact became true where that is later. */
  readonly afterMs: number;
  readonly code: number;
  /** Last lines of its log. */
  readonly log: string;
}

/** What the process writes into one of its pod's volumes, from its start on. */
export interface Writes {
  /** While it holds. */
  readonly fact: string;
  readonly volume: string;
  readonly bytes: number;
}

/** HTTP answers that are not 200 although the process runs. */
export interface Unready {
  readonly when: When;
  /** Status code; 0 is a probe that runs into its timeout. */
  readonly statusCode: number;
  /** Of this path alone; every path when absent. */
  readonly path?: string;
}

/** Working set over a container's life, bytes: `base`, from `peakAfterMs` on at `peak`, plus a leak. */
export interface MemoryNeed {
  readonly baseBytes: number;
  readonly peakBytes?: number;
  readonly peakAfterMs?: number;
  readonly leakBytesPerHour?: number;
}

export interface ImageBehaviour {
  readonly sizeBytes: number;
  /** First pull on a node; later ones find it there. */
  readonly pullMs: number;
  /** From start of the process until it answers. */
  readonly startMs: number;
  /** From TERM until the process is gone; longer than the grace period means KILL. */
  readonly stopMs: number;
  /** How it ends then; 143 where it does not listen to TERM but is not alone in its container, 0 where it ends in order. */
  readonly stopCode: number;
  /** Executables that it holds. A container's command must be one of them, or absent. */
  readonly executables: readonly string[];
  /** Ports it listens on. */
  readonly ports: readonly number[];
  /** Paths answered with 200, others get 404; files that are there. */
  readonly paths: readonly string[];
  readonly exits: readonly Exit[];
  readonly unready: readonly Unready[];
  readonly memory: MemoryNeed;
  readonly cpuCores: number;
  readonly writes?: Writes;
  /** What it does instead where the last word of the container's command is one of these. */
  readonly scripts?: Readonly<Record<string, Partial<ImageBehaviour>>>;
}

const MIB = 2 ** 20;

/** A well-behaved web service; scenarios override what differs. */
export function behaviour(over: Partial<ImageBehaviour> = {}): ImageBehaviour {
  return {
    sizeBytes: 80 * MIB,
    pullMs: 4_000,
    startMs: 3_000,
    stopMs: 1_000,
    stopCode: 143,
    executables: ["/app", "/bin/sh", "sh"],
    ports: [8080],
    paths: ["/healthz", "/ready", "/"],
    exits: [],
    unready: [],
    memory: { baseBytes: 64 * MIB },
    cpuCores: 0.05,
    ...over,
  };
}

/** How a process ends that is asked to: by itself, or killed when its time is up. */
export function stopCode(does: ImageBehaviour, graceMs: number): number {
  return does.stopMs > graceMs ? 137 : does.stopCode;
}

/** Names of images are written in small letters; tags need not be. */
export function isInvalidName(image: string): boolean {
  return /[A-Z]/.test(image.replace(/:[^:/]*$/, ""));
}

/** A program that ends: jobs. */
export function task(runMs: number, over: Partial<ImageBehaviour> = {}): ImageBehaviour {
  const done: Exit = { when: { type: "always" }, afterMs: runMs, code: 0, log: "done" };
  return behaviour({ ports: [], paths: [], ...over, exits: [...(over.exits ?? []), done] });
}

/** Where an image without a host in its name comes from. */
const HUB = "docker.io";

/** Host of the registry that an image's name means. */
export function registryOf(image: string): string {
  const slash = image.indexOf("/");
  const first = slash < 0 ? "" : image.slice(0, slash);
  return first.includes(".") || first.includes(":") || first === "localhost" ? first : HUB;
}

/** Images that exist. What is not here is not in any registry. */
export class Images {
  readonly #known = new Map<string, ImageBehaviour>();
  readonly #registries = new Set<string>([HUB]);

  publish(image: string, does: ImageBehaviour): void {
    this.#known.set(image, does);
    this.#registries.add(registryOf(image));
  }

  /** A host that no image was ever published on is no registry, and its name leads nowhere. */
  hasRegistry(host: string): boolean {
    return this.#registries.has(host);
  }

  get(image: string): ImageBehaviour | undefined {
    return this.#known.get(image);
  }

  /** What the container does: its image's behaviour, or that of the script that its command names. Well-behaved where the image exists nowhere. */
  does({ image, command }: Container): ImageBehaviour {
    const does = this.#known.get(image) ?? behaviour();
    if (does.scripts === undefined || !Array.isArray(command)) return does;
    return { ...does, ...does.scripts[String(command.at(-1))] };
  }
}
