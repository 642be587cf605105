import { expect, test } from "vitest";
import { readQuota } from "./failed-create.ts";

test("an exceeded quota is read from the API server's words, resource by resource", () => {
  const message =
    'pods "cart-7d9-abcde" is forbidden: exceeded quota: compute, requested: limits.memory=512Mi,requests.cpu=500m, used: limits.memory=1Gi,requests.cpu=1, limited: limits.memory=1Gi,requests.cpu=1';
  expect(readQuota(message)).toEqual({
    quota: "compute",
    asked: [
      { resource: "limits.memory", requested: "512Mi", used: "1Gi", limited: "1Gi" },
      { resource: "requests.cpu", requested: "500m", used: "1", limited: "1" },
    ],
  });
});

test("the same words inside a controller's event are read as well", () => {
  const message =
    'create Pod store-0 in StatefulSet store failed error: pods "store-0" is forbidden: exceeded quota: count, requested: pods=1, used: pods=3, limited: pods=3';
  expect(readQuota(message)).toMatchObject({ quota: "count", asked: [{ resource: "pods", limited: "3" }] });
});

test("any other refusal names no quota", () => {
  expect(readQuota('pods "x" is forbidden: violates PodSecurity "restricted:latest"')).toEqual({ asked: [] });
});
