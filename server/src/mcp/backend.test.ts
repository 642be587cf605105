import { describe, expect, it } from "vitest";
import { answered, pathOf, Refusal, segment } from "./backend.ts";

function refusal(status: number, body: string): Refusal {
  try {
    answered(status, body);
  } catch (error) {
    return error as Refusal;
  }
  throw new Error("it was no refusal");
}

describe("what the API answers", () => {
  it("is its value when it went well", () => {
    expect(answered(202, '{"status":"pending"}')).toEqual({ status: "pending" });
    expect(refusal(200, "<html>")).toMatchObject({ status: 502 });
  });

  it("is a refusal with its text and its code, in either form", () => {
    expect(refusal(503, '{"title":"Unavailable","status":503,"detail":"no metrics source","code":"PROMETHEUS_UNAVAILABLE"}')).toMatchObject({
      ...{ status: 503, message: "no metrics source", code: "PROMETHEUS_UNAVAILABLE" },
    });
    expect(refusal(404, '{"status":"error","error":"no such model","details":"ask for another","code":"MODEL_NOT_FOUND"}')).toMatchObject({
      ...{ status: 404, message: "no such model: ask for another", code: "MODEL_NOT_FOUND" },
    });
    expect(refusal(500, "not JSON at all")).toMatchObject({ message: "the API answered 500", code: undefined });
  });
});

it("leaves out of a query what was not given, and lets nothing out of its place", () => {
  expect(pathOf("/api/v2/pods", { namespace: undefined })).toBe("/api/v2/pods");
  expect(pathOf("/api/v2/pods", { labelSelector: "a=b&limit=9", limit: 5 })).toBe("/api/v2/pods?labelSelector=a%3Db%26limit%3D9&limit=5");
  expect(segment("a/../b?c")).toBe("a%2F..%2Fb%3Fc");
  for (const dots of [".", ".."]) expect(() => segment(dots)).toThrow(Refusal);
});
