import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arimaOrder } from "./arima-order.ts";
import { coefficientsFrom, freeFrom, fromPartials, toPartials } from "./arima-transform.ts";

const partials = fc.array(fc.double({ min: -0.97, max: 0.97, noNaN: true }), { minLength: 1, maxLength: 5 }).map((values) => Float64Array.from(values));

describe("partial autocorrelations", () => {
  it("become coefficients and come back", () => {
    fc.assert(
      fc.property(partials, (given) => {
        const back = toPartials(fromPartials(given)) as Float64Array;
        for (const [index, value] of given.entries()) expect(back[index]).toBeCloseTo(value, 6);
      }),
    );
  });

  it("of the autoregression 0.5, 0.3 are those of the books", () => expect([...fromPartials(Float64Array.of(5 / 7, 0.3))]).toEqual([0.5, 0.3]));

  it("there are none of what is not stationary", () => {
    for (const explosive of [[1], [-1.1], [0.5, 0.5], [2, -1]]) expect(toPartials(Float64Array.from(explosive))).toBeUndefined();
  });
});

describe("free numbers", () => {
  const order = arimaOrder({ order: [2, 0, 1], seasonal: [1, 0, 2, 12] });

  it("are always a stationary, invertible model, however large", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 6, maxLength: 6 }), (free) => {
        const { ar, ma, seasonalAr, seasonalMa } = coefficientsFrom(order, Float64Array.from(free));
        for (const one of [ar, ma.map((each) => -each), seasonalAr, seasonalMa.map((each) => -each)]) expect(toPartials(one)).toBeDefined();
      }),
    );
  });

  it("come back from coefficients", () => {
    const free = Float64Array.of(0.3, -0.2, 0.5, 1, -1, 0.1);
    for (const [index, value] of freeFrom(coefficientsFrom(order, free)).entries()) expect(value).toBeCloseTo(free[index] as number, 9);
  });

  it("of an explosive model are those of a near one that is not", () => {
    const none = new Float64Array(0);
    const only = arimaOrder({ order: [1, 0, 0] });
    const { ar } = coefficientsFrom(only, freeFrom({ ar: Float64Array.of(1.3), ma: none, seasonalAr: none, seasonalMa: none }));
    expect(ar[0]).toBeGreaterThan(0.8);
    expect(ar[0]).toBeLessThan(0.98);
  });
});
