import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { components } from "./components.ts";
import { controlPlaneDaemon } from "./control-plane.ts";
import { cadvisorFlags, cniConfig, containerdConfig, kubeletConfig } from "./node-config.ts";
import { defaultKubernetesVersion, settingsOf } from "./options.ts";
import { clusterPaths, goFolder, nodePaths } from "./paths.ts";
import { assertShortPaths } from "./preflight.ts";
import type { NetworkedRecord } from "./record.ts";
import { transferNet } from "./subnets.ts";
import { virtualNode } from "./virtual-nodes.ts";

const env = { XDG_STATE_HOME: "/state" };
const paths = clusterPaths("dev", env);
const node = nodePaths(paths, "node-1");

const record: NetworkedRecord = {
  settings: settingsOf({ name: "dev" }, {}),
  phase: "running",
  starter: { pid: 1, startTime: 1, bootId: "boot" },
  cgroup: "kintsugi-dev",
  binaries: { kubernetes: "/k", etcd: "/e", kwok: "/w" },
  network: { namespace: "kintsugi-dev", hostLink: "kintsugi-h0", net: transferNet(0) },
};

it("a kubelet gets only flags that it knows", () => {
  expect(cadvisorFlags("1.34.4", "/run/c.sock")).toEqual(["--containerd=/run/c.sock"]);
  expect(cadvisorFlags("1.36.3", "/run/c.sock")).toEqual(["--containerd=/run/c.sock"]);
  expect(cadvisorFlags("1.37.2", "/run/c.sock")).toEqual([]);
});

describe("options", () => {
  it("have defaults, and the environment may choose the version", () => {
    expect(settingsOf({}, {})).toEqual({
      name: "kintsugi-test",
      nodes: 2,
      virtual: 3,
      crashBackoffSeconds: 10,
      kubernetesVersion: defaultKubernetesVersion,
    });
    expect(settingsOf({}, { KUBERNETES_VERSION: "1.37.2" }).kubernetesVersion).toBe("1.37.2");
  });

  it.each([
    [{ name: "../etc" }, "cluster name"],
    [{ name: "-a" }, "cluster name"],
    [{ name: "a".repeat(25) }, "cluster name"],
    [{ nodes: 9 }, "from 1 to 8"],
    [{ nodes: Number.NaN }, "from 1 to 8"],
    [{ virtual: -1 }, "from 0 to 5000"],
    [{ crashBackoffSeconds: 301 }, "from 1 to 300"],
    [{ kubernetesVersion: "latest" }, "write it as"],
  ])("%j are refused", (options, reason) => {
    expect(() => settingsOf(options, {})).toThrow(reason);
  });
});

describe("paths", () => {
  const pathsBelow = (home: string) => clusterPaths("n".repeat(24), { XDG_STATE_HOME: `${home}/.local/state` });

  it("are short enough for a socket under a usual home", () => {
    expect(() => assertShortPaths(pathsBelow("/home/somebody"))).not.toThrow();
  });

  it("that are too long for a socket are refused", () => {
    expect(() => assertShortPaths(pathsBelow("/srv/departments/engineering"))).toThrow("shorter --name");
  });
});

describe("a node", () => {
  it("keeps containerd below its own folder", () => {
    const config = containerdConfig(node);
    expect(config).toContain('address = "/state/kintsugi/clusters/dev/nodes/node-1/containerd.sock"');
    expect(config).toContain("netns_mounts_under_state_dir = true");
  });

  it("shares the bridge and the address book with the nodes of its cluster alone", () => {
    const config = JSON.parse(cniConfig("dev", "/state/addresses"));
    expect(config).toMatchObject({ name: "kintsugi-dev", plugins: [{ bridge: "cni0", ipam: { dataDir: "/state/addresses" } }, { type: "portmap" }] });
  });

  it("never collects an image and restarts a crashed container as often as was chosen", () => {
    const choices = { address: "10.213.0.4", cgroup: "kintsugi-dev/node-1", clientCa: "ca", certificate: "crt", key: "key", crashBackoffSeconds: 7 };
    expect(JSON.parse(kubeletConfig(node, choices))).toMatchObject({
      address: "10.213.0.4",
      cgroupRoot: "/kintsugi-dev/node-1",
      imageGCHighThresholdPercent: 100,
      crashLoopBackOff: { maxContainerRestartPeriod: "7s" },
      featureGates: { KubeletCrashLoopBackOffMax: true },
    });
  });
});

describe("the control plane", () => {
  it("runs in the cluster's network and answers at the transfer net's address", () => {
    const daemon = controlPlaneDaemon(paths, record, "kube-apiserver");
    expect(daemon.file).toBe("/k/kube-apiserver");
    expect(daemon.enter).toEqual(["--net=/run/netns/kintsugi-dev"]);
    expect(daemon.args).toContain("--advertise-address=10.213.0.2");
    expect(daemon.args).toContain("--audit-log-mode=blocking");
  });

  it("notices a silent node soon", () => {
    expect(controlPlaneDaemon(paths, record, "kube-controller-manager").args).toContain("--node-monitor-grace-period=16s");
  });
});

describe("a virtual node", () => {
  it("is marked as kwok marks them, and taken only by pods that ask for it", () => {
    const made = virtualNode("vnode-0");
    expect(made.metadata.annotations).toMatchObject({ "kwok.x-k8s.io/node": "fake" });
    expect(made.metadata.labels).toMatchObject({ "kwok.x-k8s.io/node": "fake", "kubernetes.io/hostname": "vnode-0" });
    expect(made.spec.taints).toEqual([{ key: "kwok.x-k8s.io/node", value: "fake", effect: "NoSchedule" }]);
  });
});

describe("the programs", () => {
  const folders = readdirSync(goFolder);
  const versions = folders.filter((folder) => folder.startsWith("kubernetes-")).map((folder) => folder.slice("kubernetes-".length));

  it("are built from the folders that there are", () => {
    expect(versions).toContain(defaultKubernetesVersion);
    const needed = versions.flatMap((version) => Object.values(components(version)).map((component) => component.folder));
    expect([...new Set(needed)].sort()).toEqual(folders.sort());
  });

  it.each(versions)("of Kubernetes %s come from modules of that version", (version) => {
    const goMod = readFileSync(join(goFolder, `kubernetes-${version}`, "go.mod"), "utf8");
    expect(goMod).toContain(`k8s.io/kubernetes v${version}`);
    expect(goMod).toContain(`k8s.io/api => k8s.io/api v0.${version.slice(2)}`);
    expect(components(version).kubernetes.ldflags).toContain(`version.gitVersion=v${version}`);
  });
});
