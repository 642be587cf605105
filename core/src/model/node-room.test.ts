import { expect, test } from "vitest";
import { viewOf } from "../testing/array-view.ts";
import { cordonedNode, node } from "../testing/more-objects.ts";
import { container, pod } from "../testing/objects.ts";
import { amountText, lacking, requestsOf, roomOfNodes } from "./node-room.ts";

const asking = (cpu: string, memory: string) => container({ resources: { requests: { cpu, memory } } });

test("a pod asks for the sum of its containers, or for its largest init container", () => {
  expect(requestsOf({ containers: [asking("250m", "128Mi"), asking("250m", "128Mi")], initContainers: [asking("2", "64Mi")] })).toEqual({
    cpu: 2,
    memory: 256 * 2 ** 20,
    "ephemeral-storage": 0,
  });
});

test("a node has left what its pods that are not finished do not ask for", () => {
  const busy = pod("busy", { spec: { containers: [asking("1500m", "1Gi")] } });
  const done = pod("done", { phase: "Succeeded", spec: { containers: [asking("2", "1Gi")] } });
  const [room] = roomOfNodes(viewOf([node(), busy, done]));
  expect(room).toMatchObject({ closed: false, free: { cpu: 2.5, memory: 7 * 2 ** 30 } });
});

test("a cordoned node's room is of no use", () => {
  expect(roomOfNodes(viewOf([cordonedNode("worker-1", 0)]))).toMatchObject([{ closed: true }]);
});

test("what is not asked for never lacks", () => {
  const none = { cpu: 0, memory: 0, "ephemeral-storage": 0 };
  expect(lacking({ ...none, cpu: 1 }, none)).toEqual(["cpu"]);
  expect(lacking({ ...none, cpu: 0.1 + 0.2 }, { ...none, cpu: 0.3 })).toEqual([]);
});

test("amounts are written as people say them", () => {
  expect([amountText("cpu", 0.25), amountText("memory", 2 ** 30)]).toEqual(["0.25 cores", "1024 Mi"]);
});
