import type { Notice } from "../model/effect.ts";

/** Tells people. Best effort: a notifier that fails never holds up the loop. */
export interface NotifierPort {
  notify(notice: Notice): Promise<void>;
}
