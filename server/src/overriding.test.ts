import { expect, it } from "vitest";
import { overriding } from "./overriding.ts";

class Counter {
  #count = 0;
  readonly name = "counter";
  add(): number {
    this.#count += 1;
    return this.#count;
  }
  read(): number {
    return this.#count;
  }
}

it("replaces what is named and leaves the rest to the port, private state included", () => {
  const counter = new Counter();
  const changed = overriding(counter, { read: () => -1 });
  expect([changed.add(), changed.add(), changed.read(), changed.name]).toEqual([1, 2, -1, "counter"]);
  expect(counter.read()).toBe(2);
});
