import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { auditPolicy } from "./audit-policy.ts";
import { assertRunning, clusterNamespace, type Daemon, startDaemon } from "./daemon.ts";
import { KubeApi } from "./kube-api.ts";
import { serviceRange } from "./network.ts";
import type { ClusterPaths } from "./paths.ts";
import { kubeconfigOf, pkiFile } from "./pki.ts";
import type { NetworkedRecord } from "./record.ts";
import { waitUntil } from "./wait.ts";

export const controlPlaneRoles = ["kube-scheduler", "kube-controller-manager", "kube-apiserver", "etcd"] as const;
type Role = (typeof controlPlaneRoles)[number];

/** Starts etcd, the API server, then the controllers and the scheduler; returns when pods can be created. */
export async function startControlPlane(paths: ClusterPaths, record: NetworkedRecord, signal?: AbortSignal) {
  writeFileSync(policyPath(paths), JSON.stringify(auditPolicy));
  const start = (role: Role) => startDaemon(paths, record, controlPlaneDaemon(paths, record, role));
  await start("etcd");
  await start("kube-apiserver");
  const api = new KubeApi(paths, record.network.net);
  await waitUntil({ what: "the API server to be ready", timeoutMs: 90_000, signal }, () => {
    assertRunning(paths, "etcd");
    assertRunning(paths, "kube-apiserver");
    return api.isReady();
  });
  await start("kube-controller-manager");
  await start("kube-scheduler");
  await waitUntil({ what: "the default service account", timeoutMs: 60_000, signal }, async () => {
    assertRunning(paths, "kube-controller-manager");
    assertRunning(paths, "kube-scheduler");
    return (await api.get("/api/v1/namespaces/default/serviceaccounts/default")).status === 200;
  });
}

const policyPath = (paths: ClusterPaths): string => join(paths.config, "audit-policy.json");

export function controlPlaneDaemon(paths: ClusterPaths, record: NetworkedRecord, role: Role): Daemon {
  const folder = role === "etcd" ? record.binaries.etcd : record.binaries.kubernetes;
  const args = argumentsOf[role](paths, record);
  return { role, file: join(folder, role), args, enter: clusterNamespace(record) };
}

const argumentsOf: Record<Role, (paths: ClusterPaths, record: NetworkedRecord) => string[]> = {
  etcd: (paths) => [
    `--data-dir=${paths.etcd}`,
    // The cluster does not outlive a crash of the machine anyway.
    "--unsafe-no-fsync",
    "--listen-client-urls=http://127.0.0.1:2379",
    "--advertise-client-urls=http://127.0.0.1:2379",
    "--listen-peer-urls=http://127.0.0.1:2380",
  ],
  "kube-apiserver": apiServerArguments,
  "kube-controller-manager": (paths) => [
    ...kubeconfigFlags(paths, "kube-controller-manager"),
    "--leader-elect=false",
    "--use-service-account-credentials",
    `--service-account-private-key-file=${pkiFile(paths, "service-accounts.key")}`,
    `--root-ca-file=${pkiFile(paths, "ca.crt")}`,
    `--cluster-signing-cert-file=${pkiFile(paths, "ca.crt")}`,
    `--cluster-signing-key-file=${pkiFile(paths, "ca.key")}`,
    // Three missed kubelet heartbeats and a little; the default takes most of a minute to notice.
    "--node-monitor-grace-period=16s",
  ],
  "kube-scheduler": (paths) => [...kubeconfigFlags(paths, "kube-scheduler"), "--leader-elect=false"],
};

function kubeconfigFlags(paths: ClusterPaths, user: Role): string[] {
  const file = kubeconfigOf(paths, user);
  return ["kubeconfig", "authentication-kubeconfig", "authorization-kubeconfig"].map((flag) => `--${flag}=${file}`);
}

function apiServerArguments(paths: ClusterPaths, record: NetworkedRecord): string[] {
  const pki = (file: string) => pkiFile(paths, file);
  return [
    "--etcd-servers=http://127.0.0.1:2379",
    `--advertise-address=${record.network.net.apiAddress}`,
    "--secure-port=6443",
    `--service-cluster-ip-range=${serviceRange}`,
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
    "--allow-privileged",
    `--client-ca-file=${pki("ca.crt")}`,
    `--tls-cert-file=${pki("kube-apiserver.crt")}`,
    `--tls-private-key-file=${pki("kube-apiserver.key")}`,
    // Logs and exec go through the API server to the kubelet.
    `--kubelet-certificate-authority=${pki("ca.crt")}`,
    `--kubelet-client-certificate=${pki("admin.crt")}`,
    `--kubelet-client-key=${pki("admin.key")}`,
    "--kubelet-preferred-address-types=InternalIP",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${pki("service-accounts.key")}`,
    `--service-account-signing-key-file=${pki("service-accounts.key")}`,
    // Aggregated APIs.
    "--enable-aggregator-routing",
    `--requestheader-client-ca-file=${pki("front-proxy-ca.crt")}`,
    "--requestheader-allowed-names=front-proxy",
    "--requestheader-extra-headers-prefix=X-Remote-Extra-",
    "--requestheader-group-headers=X-Remote-Group",
    "--requestheader-username-headers=X-Remote-User",
    `--proxy-client-cert-file=${pki("front-proxy.crt")}`,
    `--proxy-client-key-file=${pki("front-proxy.key")}`,
    `--audit-policy-file=${policyPath(paths)}`,
    `--audit-log-path=${paths.auditLog}`,
    // A write is in the log before its answer is sent.
    "--audit-log-mode=blocking",
  ];
}
