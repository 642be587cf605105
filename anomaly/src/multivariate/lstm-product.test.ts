import fc from "fast-check";
import { expect, it } from "vitest";
import { createRandom, type Random } from "../random.ts";
import { addOuterProducts, addRowProducts, transpose } from "./lstm-product.ts";

const sizes = fc.record({
  rows: fc.integer({ min: 1, max: 9 }),
  columns: fc.integer({ min: 1, max: 9 }),
  inner: fc.integer({ min: 1, max: 9 }),
  seed: fc.integer(),
});
const numbers = (random: Random, count: number): Float64Array => Float64Array.from({ length: count }, () => random.normal());
const at = (values: Float64Array, index: number): number => values[index] as number;

it("adds rows times rows, one sum in one order, and nothing beside it", () => {
  fc.assert(
    fc.property(sizes, ({ rows, columns, inner, seed }) => {
      const random = createRandom(seed);
      const [c, a, b] = [numbers(random, rows * columns + 3), numbers(random, rows * inner + 2), numbers(random, columns * inner + 1)];
      const expected = c.map((value, index) => {
        if (index === 0 || index > rows * columns) return value;
        const [row, column] = [Math.floor((index - 1) / columns), (index - 1) % columns];
        let sum = value;
        for (let k = 0; k < inner; k++) sum += at(a, 2 + row * inner + k) * at(b, 1 + column * inner + k);
        return sum;
      });
      addRowProducts(c, 1, a, 2, b, 1, rows, columns, inner);
      expect([...c]).toEqual([...expected]);
    }),
  );
});

it("adds outer products row by row", () => {
  fc.assert(
    fc.property(sizes, ({ rows, columns, inner: width, seed }) => {
      const random = createRandom(seed);
      const [c, a, b] = [numbers(random, width * columns + 3), numbers(random, rows * width + 2), numbers(random, rows * columns + 1)];
      const expected = c.map((value, index) => {
        if (index === 0 || index > width * columns) return value;
        const [i, j] = [Math.floor((index - 1) / columns), (index - 1) % columns];
        let sum = value;
        for (let row = 0; row < rows; row++) sum += at(a, 2 + row * width + i) * at(b, 1 + row * columns + j);
        return sum;
      });
      addOuterProducts(c, 1, a, 2, b, 1, rows, width, columns);
      expect([...c]).toEqual([...expected]);
    }),
  );
});

it("transposes", () => {
  const target = new Float64Array(6);
  transpose(target, Float64Array.of(0, 1, 2, 3, 4, 5, 6), 1, 2, 3);
  expect([...target]).toEqual([1, 4, 2, 5, 3, 6]);
});
