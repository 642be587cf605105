/** One part of the benchmark: what it needs, and what it finds. */
import type { Table } from "./report.ts";

export interface Part {
  /** As the command line names it. */
  readonly name: string;
  readonly title: string;
  /** Folders of the data that it reads; a part runs where all are there. */
  readonly needs: readonly string[];
  /** `say` prints a line of progress. */
  run(data: string, say: (line: string) => void): Promise<readonly Table[]>;
}
