import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execute } from "./execute.ts";
import { kubeconfig } from "./kubeconfig.ts";
import { apiServiceAddress } from "./network.ts";
import type { ClusterPaths } from "./paths.ts";
import type { TransferNet } from "./subnets.ts";

/** A certificate of the cluster's own authority. */
interface Subject {
  readonly file: string;
  readonly commonName: string;
  readonly organization?: string;
  /** Subject alternative names; a certificate that has them serves as well. */
  readonly alternatives?: readonly string[];
}

export const pkiFile = (paths: ClusterPaths, file: string): string => join(paths.pki, file);
export const kubeconfigOf = (paths: ClusterPaths, user: string): string => join(paths.config, `${user}.kubeconfig`);

/** Users beside the nodes; each has a certificate and, but for the servers', a kubeconfig. */
const users: readonly Subject[] = [
  { file: "admin", commonName: "admin", organization: "system:masters" },
  { file: "kube-controller-manager", commonName: "system:kube-controller-manager" },
  { file: "kube-scheduler", commonName: "system:kube-scheduler" },
  { file: "kube-proxy", commonName: "system:kube-proxy" },
  { file: "kwok", commonName: "kwok", organization: "system:masters" },
];

export interface NodeName {
  readonly name: string;
  readonly address: string;
}

/** Makes the authority, every certificate, the service account key and the kubeconfigs. */
export async function createPki(paths: ClusterPaths, net: TransferNet, nodes: readonly NodeName[]): Promise<void> {
  mkdirSync(paths.pki, { recursive: true, mode: 0o700 });
  mkdirSync(paths.config, { recursive: true, mode: 0o700 });
  // openssl's own default configuration would make every certificate an authority.
  writeFileSync(pkiFile(paths, "openssl.cnf"), "[req]\ndistinguished_name = dn\n[dn]\n");
  await createAuthority(paths, "ca");
  const server = `https://${net.apiAddress}:6443`;
  await Promise.all([
    createAuthority(paths, "front-proxy-ca").then(() => issue(paths, { file: "front-proxy", commonName: "front-proxy" }, "front-proxy-ca")),
    issue(paths, apiServer(net)),
    ...[...users, ...nodes.map(nodeSubject)].map((subject) => issue(paths, subject)),
    execute("openssl", ["genpkey", "-algorithm", "RSA", "-out", pkiFile(paths, "service-accounts.key")]),
  ]);
  for (const { file } of [...users, ...nodes.map(nodeSubject)]) {
    writeFileSync(kubeconfigOf(paths, file), kubeconfig(paths.pki, file, server), { mode: 0o600 });
  }
  writeFileSync(paths.kubeconfig, kubeconfig(paths.pki, "admin", server), { mode: 0o600 });
}

function apiServer(net: TransferNet): Subject {
  const names = ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"];
  const addresses = ["127.0.0.1", net.apiAddress, apiServiceAddress];
  return {
    file: "kube-apiserver",
    commonName: "kube-apiserver",
    alternatives: [...names.map((name) => `DNS:${name}`), ...addresses.map((address) => `IP:${address}`)],
  };
}

function nodeSubject({ name, address }: NodeName): Subject {
  return {
    file: name,
    commonName: `system:node:${name}`,
    organization: "system:nodes",
    alternatives: [`DNS:${name}`, `IP:${address}`],
  };
}

function createAuthority(paths: ClusterPaths, file: string): Promise<string> {
  return request(paths, { file, commonName: `kintsugi test ${file}` }, [
    ...["-addext", "basicConstraints=critical,CA:TRUE"],
    ...["-addext", "keyUsage=critical,keyCertSign,cRLSign"],
  ]);
}

function issue(paths: ClusterPaths, subject: Subject, authority = "ca"): Promise<string> {
  const { alternatives } = subject;
  return request(paths, subject, [
    ...["-CA", pkiFile(paths, `${authority}.crt`), "-CAkey", pkiFile(paths, `${authority}.key`)],
    ...["-addext", `extendedKeyUsage=clientAuth${alternatives === undefined ? "" : ",serverAuth"}`],
    ...(alternatives === undefined ? [] : ["-addext", `subjectAltName=${alternatives.join(",")}`]),
  ]);
}

function request(paths: ClusterPaths, subject: Subject, extra: readonly string[]): Promise<string> {
  const organization = subject.organization === undefined ? "" : `/O=${subject.organization}`;
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  return execute("openssl", [
    ...["req", "-x509", "-config", pkiFile(paths, "openssl.cnf"), ...key, "-days", "365"],
    ...["-subj", `${organization}/CN=${subject.commonName}`],
    ...["-keyout", pkiFile(paths, `${subject.file}.key`), "-out", pkiFile(paths, `${subject.file}.crt`)],
    ...extra,
  ]);
}
