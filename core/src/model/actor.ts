/** Who did something, and who asks for it. */

/** Who did it. An assistant is a program with a credential made for MCP: its name is that of whoever owns the credential. */
export interface Actor {
  readonly type: "engine" | "person" | "assistant";
  readonly name: string;
  /** Of people and assistants: named by somebody whom we trust, not by themselves. Missing in records of earlier versions. */
  readonly proven?: boolean;
}

/** Who gives a command. `proven`: named by somebody whom we trust, not by itself. */
export interface Asker extends Actor {
  readonly type: "person" | "assistant";
  readonly proven: boolean;
}

/** Somebody who stands behind a plan: who asked for it, or approved it, by elicitation where an assistant put the question to its owner. */
export interface Backer extends Asker {
  readonly how: "asked" | "approved" | "elicited";
  readonly at: number;
}

/** Who, in a sentence: what a program did in somebody's name is not told as that person's own doing. */
export function whoText({ type, name }: Actor): string {
  return type === "assistant" ? `${name} (assistant)` : name;
}
