import { describe, expect, it } from "vitest";
import { freeTransferNets, nodeAddress, transferNet } from "./subnets.ts";

const first = (inUse: readonly string[]) => freeTransferNets(inUse)[0]?.index;

describe("the transfer net of a cluster", () => {
  it("is the first /28 on a machine that routes none of them", () => {
    expect(freeTransferNets(["192.0.2.0/24", "127.0.0.1"])[0]).toEqual({
      index: 0,
      hostAddress: "10.213.0.1",
      apiAddress: "10.213.0.2",
      prefix: 28,
    });
  });

  it.each([
    ["another cluster has the first", ["10.213.0.0/28"], 1],
    ["a single address lies in the first", ["10.213.0.15"], 1],
    ["an address lies just behind the first", ["10.213.0.16"], 0],
    ["a wide route covers the first half", ["10.213.0.0/21"], 128],
    ["a route is written with host bits set", ["10.213.0.9/28"], 1],
    ["two clusters left a gap", ["10.213.0.0/28", "10.213.0.32/28"], 1],
  ])("where %s", (_, inUse, expected) => {
    expect(first(inUse)).toBe(expected);
  });

  it("is refused on a machine that routes all of 10.0.0.0/8", () => {
    expect(() => freeTransferNets(["10.0.0.0/8"])).toThrow("no free transfer net");
  });

  it("gives each node an address of its own, up to the last cluster", () => {
    expect([0, 1, 7].map((node) => nodeAddress(transferNet(1), node))).toEqual(["10.213.0.19", "10.213.0.20", "10.213.0.26"]);
    expect(nodeAddress(transferNet(255), 7)).toBe("10.213.15.250");
  });
});
