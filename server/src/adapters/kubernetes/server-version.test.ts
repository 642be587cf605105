import { afterEach, beforeEach, expect, it } from "vitest";
import { createKubernetes, type Kubernetes } from "./index.ts";
import { kubeconfigFor, temporaryFolder } from "./testing/kubeconfig-file.ts";
import { ScriptedApiServer } from "./testing/scripted-api-server.ts";
import { eventually, View } from "./testing/view.ts";

let server: ScriptedApiServer;
let view: View;
let folder: ReturnType<typeof temporaryFolder>;
let kubernetes: Kubernetes;
let stop: () => void;
let version: string;

beforeEach(async () => {
  version = "v1.34.4";
  server = await ScriptedApiServer.start();
  server.script = ({ path }, response) => {
    if (path !== "/version") return false;
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ gitVersion: version }));
    return true;
  };
  view = new View();
  folder = temporaryFolder();
  kubernetes = createKubernetes({
    source: { type: "kubeconfig", paths: [folder.file("config", kubeconfigFor(server.url))] },
    identity: "test",
    random: () => 0.5,
    now: () => 0,
    monotonic: () => performance.now(),
    watch: { backoffMinMs: 5, backoffMaxMs: 20, versionEveryMs: 20, openTimeoutMs: 400 },
  });
  stop = kubernetes.cluster.watch(view.deliver);
});

afterEach(async () => {
  stop();
  await kubernetes.close();
  await server.close();
  folder.remove();
});

const asked = (): number => server.asked.filter(({ path }) => path === "/version").length;

it("says the version once, and again when it is another", async () => {
  await eventually("it was asked several times", () => asked() > 3);
  expect(view.serverVersions).toEqual(["v1.34.4"]);
  version = "v1.35.0";
  await eventually("the new version is told", () => view.serverVersions.length > 1);
  expect(view.serverVersions).toEqual(["v1.34.4", "v1.35.0"]);
});

it("asks soon after the server was away", async () => {
  await eventually("it was told", () => view.serverVersions.length > 0);
  const { port } = server;
  await server.close();
  version = "v1.35.0";
  await server.listenAgain(port);
  await eventually("the new version is told", () => view.serverVersions.includes("v1.35.0"));
});

it("says nothing of an answer that names none", async () => {
  await eventually("it was told", () => view.serverVersions.length > 0);
  server.script = ({ path }, response) => {
    if (path !== "/version") return false;
    response.writeHead(403, { "content-type": "application/json" }).end("{}");
    return true;
  };
  const before = asked();
  await eventually("it was asked again", () => asked() > before + 2);
  expect(view.serverVersions).toEqual(["v1.34.4"]);
});
