import { describe, expect, test } from "vitest";
import { layerOf, layersIn, lowest } from "./layers.ts";

describe("a text (reference 12.1 line 16)", () => {
  test.each([
    ["the postgres host was closed", []],
    ["node.js throws in my-node-app", []],
    ["worker node is NotReady", ["infrastructure"]],
    ["Node.", ["infrastructure"]],
    ["the OS of worker-1 hangs", ["infrastructure"]],
    ["disk pressure on two nodes", ["infrastructure"]],
    ["the disk is under pressure", []],
    ["CSI driver: storage degraded", ["platform"]],
    ["pods in CrashLoopBackOff after a kernel update", ["infrastructure", "application"]],
    ["os-release, pod_name", []],
    ["", []],
  ])("%j speaks of %j", (text, layers) => {
    expect(layersIn(text)).toEqual(layers);
  });
});

describe("an object", () => {
  test.each([
    ["Node", "the pod is slow", "infrastructure"],
    ["deployment", "node node node", "application"],
    ["DNSOperator", "", "platform"],
    ["Widget", "its pods crash", "application"],
    ["Widget", "it is blue", "unknown"],
  ])("a %s of which %j is said is of layer %s: its kind goes first", (kind, issue, layer) => {
    expect(layerOf({ kind, issue })).toBe(layer);
  });
});

test("the lowest layer is where it is mended first; nothing known is unknown", () => {
  expect(lowest(["application", "infrastructure", "unknown"])).toBe("infrastructure");
  expect(lowest(["unknown"])).toBe("unknown");
});
