import { expect, it } from "vitest";
import { readConfig } from "./config.ts";

it("keeps its state where the platform's conventions say, unless told otherwise", () => {
  expect(readConfig({ HOME: "/home/ada" }).home).toBe("/home/ada/.local/state/kintsugi");
  expect(readConfig({ HOME: "/home/ada", XDG_STATE_HOME: "/state" }).home).toBe("/state/kintsugi");
  expect(readConfig({ HOME: "/home/ada", KINTSUGI_HOME: "/srv/k" }).home).toBe("/srv/k");
});

it("takes every file of KUBECONFIG, or the usual one", () => {
  expect(readConfig({ HOME: "/home/ada" }).kubeconfigs).toEqual(["/home/ada/.kube/config"]);
  expect(readConfig({ HOME: "/home/ada", KUBECONFIG: "/a:/b" }).kubeconfigs).toEqual(["/a", "/b"]);
});

it("knows that it runs in a pod only when both halves of the address are there", () => {
  expect(readConfig({ KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "443" }).inCluster).toEqual({ host: "10.0.0.1", port: "443" });
  expect(readConfig({ KUBERNETES_SERVICE_HOST: "10.0.0.1" }).inCluster).toBeUndefined();
});

it("paints only for people who want it", () => {
  expect(readConfig({}, true).colours).toBe(true);
  expect(readConfig({}, false).colours).toBe(false);
  expect(readConfig({ NO_COLOR: "1" }, true).colours).toBe(false);
  expect(readConfig({ NO_COLOR: "" }, true).colours).toBe(true);
  expect(readConfig({ TERM: "dumb" }, true).colours).toBe(false);
});

it("gives the person a name that the API takes", () => {
  expect(readConfig({ USER: "Ada Lovelace" }).actor).toBe("Ada-Lovelace");
  expect(readConfig({ USER: "--" }).actor).toBe("cli");
  expect(readConfig({}).actor).toBe("cli");
});
