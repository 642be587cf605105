/** Splits a stream of bytes at newlines. A line longer than the limit is an error, so that a hostile or broken server cannot fill the memory. */
export class LineTooLong extends Error {
  constructor(maxBytes: number) {
    super(`a line of the answer is longer than ${maxBytes} bytes`);
    this.name = "LineTooLong";
  }
}

const NEWLINE = 0x0a;

export class LineSplitter {
  readonly #maxBytes: number;
  readonly #each: (line: string) => void;
  #held: Buffer[] = [];
  #heldBytes = 0;

  constructor(maxBytes: number, each: (line: string) => void) {
    this.#maxBytes = maxBytes;
    this.#each = each;
  }

  /** Calls back for every line that is complete now; empty lines are left out. Throws LineTooLong and what the callback throws. */
  push(bytes: Buffer): void {
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      this.#hold(bytes.subarray(start, end));
      start = end + 1;
      const line = this.#take();
      if (line !== "") this.#each(line);
    }
    if (start < bytes.length) this.#hold(bytes.subarray(start));
  }

  #hold(part: Buffer): void {
    this.#heldBytes += part.length;
    if (this.#heldBytes > this.#maxBytes) {
      this.#held = [];
      throw new LineTooLong(this.#maxBytes);
    }
    this.#held.push(part);
  }

  #take(): string {
    const only = this.#held.length === 1 ? this.#held[0] : undefined;
    const line = only === undefined ? Buffer.concat(this.#held, this.#heldBytes).toString("utf8") : only.toString("utf8");
    this.#held = [];
    this.#heldBytes = 0;
    return line;
  }
}
