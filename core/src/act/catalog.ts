/** Every action. A new one is one file in `actions/`, its test, and a line here. */
import type { Action } from "../model/action.ts";
import { rollBack } from "./actions/roll-back.ts";

export const ACTIONS: readonly Action[] = [rollBack];

export function actionOf(id: string): Action | undefined {
  return ACTIONS.find((action) => action.id === id);
}
