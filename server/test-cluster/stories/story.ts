import type { Scene } from "../harness/scene.ts";

/** One fault, or one thing that looks like a fault, in a namespace of its own. Its name is a sentence. */
export interface Story {
  readonly name: string;
  /** Short name, in the table of times. */
  readonly id: string;
  tell(scene: Scene): Promise<void>;
}
