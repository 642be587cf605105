import { describe, expect, it } from "vitest";
import { InputError } from "../input-error.ts";
import { arimaOrder, lostToDifferences, multiplyOut, nameOfOrder, shapeOf } from "./arima-order.ts";

describe("an order", () => {
  it("is a first-order autoregression with a mean unless told otherwise", () => expect(nameOfOrder(arimaOrder())).toBe("ARIMA(1,0,0) with mean"));
  it("has no constant once something is differenced, unless told", () => {
    expect(nameOfOrder(arimaOrder({ order: [0, 1, 1] }))).toBe("ARIMA(0,1,1)");
    expect(nameOfOrder(arimaOrder({ order: [0, 1, 1], constant: true }))).toBe("ARIMA(0,1,1) with drift");
  });
  it("without seasonal terms has no season", () => expect(arimaOrder({ seasonal: [0, 0, 0, 24] }).m).toBe(1));

  it.each([
    [{ order: [-1, 0, 0] }, "p is -1"],
    [{ order: [0.5, 0, 0] }, "p is 0.5"],
    [{ order: [1, 3, 0] }, "d is 3: give a whole number from 0 to 2"],
    [{ seasonal: [1, 0, 0, 1] }, "a season of 2 samples or more"],
    [{ order: [4, 0, 0], seasonal: [1, 0, 0, 4] }, "less than the season of 4"],
    [{ seasonal: [1, 0, 0, Number.NaN] }, "m is NaN"],
  ] as const)("%j is refused", (params, message) => {
    expect(() => arimaOrder(params)).toThrow(InputError);
    expect(() => arimaOrder(params)).toThrow(message);
  });
});

describe("polynomials", () => {
  const shape = shapeOf(arimaOrder({ order: [1, 1, 1], seasonal: [1, 1, 1, 12] }));

  it("of season and non-season are multiplied out", () => {
    const [phi, theta] = [new Float64Array(13), new Float64Array(13)];
    multiplyOut(shape, { ar: Float64Array.of(0.5), ma: Float64Array.of(0.4), seasonalAr: Float64Array.of(0.6), seasonalMa: Float64Array.of(-0.3) }, phi, theta);
    expect([...shape.lags]).toEqual([1, 12, 13]);
    expect([phi[0], phi[11], phi[12]]).toEqual([0.5, 0.6, -0.3]);
    expect([theta[0], theta[11], theta[12]]).toEqual([0.4, -0.3, -0.12]);
    expect(phi.filter((value) => value !== 0)).toHaveLength(3);
  });

  it("of differences say what the past lets expect", () => {
    expect([...shape.differenceLags]).toEqual([1, 12, 13]);
    expect([...shape.difference]).toEqual([1, 1, -1]);
    expect(lostToDifferences(shape.order)).toBe(13);
  });
});
