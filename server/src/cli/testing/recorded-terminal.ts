/** A terminal that remembers. */
import pc from "picocolors";
import type { Terminal } from "../terminal.ts";

export class RecordedTerminal implements Terminal {
  readonly printed: string[] = [];
  readonly remarks: string[] = [];
  readonly questions: string[] = [];
  /** What the person answers; undefined: nobody is there. */
  answer: string | undefined;
  readonly isInteractive = false;
  readonly isWatched = false;
  readonly columns = 120;
  readonly rows = 40;
  readonly colours = pc.createColors(false);

  print(text: string): void {
    this.printed.push(text);
  }
  remark(text: string): void {
    this.remarks.push(text);
  }
  progress(): void {}
  async ask(question: string): Promise<string | undefined> {
    this.questions.push(question);
    return this.answer;
  }
  draw(): void {}

  get out(): string {
    return this.printed.join("\n");
  }
  get err(): string {
    return this.remarks.join("\n");
  }
}
