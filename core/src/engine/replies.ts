/** How a command is answered. */
import type { CommandReply } from "../model/input.ts";

export function agree(text: string): CommandReply {
  return { ok: true, text };
}

export function refuse(code: Extract<CommandReply, { ok: false }>["code"], text: string): CommandReply {
  return { ok: false, code, text };
}
