/** Who the engines are to the cluster: a namespace, ServiceAccounts and rights, made before the stories and taken away after them. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { OWN_NAMESPACE } from "@kintsugi/core";
import { parse, stringify } from "yaml";
import { rbacManifests } from "../../src/rbac.ts";
import { type KubeObject, type Person, until } from "./person.ts";
import type { Place } from "./place.ts";

type Labels = Readonly<Record<string, string>>;

/** Marks the namespace as one that the stories made. */
const MADE_HERE = "kintsugi.dev/stories";

/** Makes our namespace, ServiceAccount and rights; returns the path of a kubeconfig with that ServiceAccount's token. */
export async function engineKubeconfig(person: Person, place: Place, folder: string): Promise<string> {
  await ownNamespace(person, place);
  for (const manifest of rbacManifests({ act: true })) await person.ensure(manifest as KubeObject);
  return accountKubeconfig(person, place, folder, "kintsugi");
}

/** The same rights under another name, so that the audit log can tell one engine from the other. */
export async function secondKubeconfig(person: Person, place: Place, folder: string, name: string): Promise<string> {
  await person.ensure({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace: OWN_NAMESPACE } });
  const subjects = [{ kind: "ServiceAccount", name, namespace: OWN_NAMESPACE }];
  const bindings = rbacManifests({ act: true }).filter(({ kind }) => kind.endsWith("Binding"));
  for (const binding of bindings) {
    await person.ensure({ ...binding, metadata: { ...binding.metadata, name: `${binding.metadata.name}-${name}` }, subjects } as KubeObject);
  }
  return accountKubeconfig(person, place, folder, name);
}

/** Takes all of that away again from a cluster that is not ours. */
export async function forgetEngines(person: Person, { cluster }: Place): Promise<void> {
  if (cluster !== undefined) return;
  const namespace = await person.get("v1", "Namespace", "", OWN_NAMESPACE);
  if (labelsOf(namespace)[MADE_HERE] === undefined) return;
  for (const kind of ["ClusterRoleBinding", "ClusterRole"]) {
    for (const { metadata } of await person.list("rbac.authorization.k8s.io/v1", kind, "")) {
      if (/^kintsugi-(observe|access|act|viewer|responder|approver|admin|assistant)(-|$)/.test(metadata.name))
        await person.remove("rbac.authorization.k8s.io/v1", kind, "", metadata.name);
    }
  }
  await person.remove("v1", "Namespace", "", OWN_NAMESPACE);
}

/** Throws where a Kintsugi of somebody's is at home: its Lease and its rights would be ours to break. */
async function ownNamespace(person: Person, { cluster }: Place): Promise<void> {
  const there = await person.get("v1", "Namespace", "", OWN_NAMESPACE);
  if (there === undefined) {
    await person.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: OWN_NAMESPACE, labels: { [MADE_HERE]: "true" } } });
  } else if (cluster === undefined && labelsOf(there)[MADE_HERE] === undefined) {
    throw new Error(`the cluster of KINTSUGI_TEST_CONTEXT has a namespace ${OWN_NAMESPACE} already: the stories need one where no Kintsugi is installed`);
  }
}

function labelsOf(object: KubeObject | undefined): Labels {
  return (object?.metadata["labels"] as Labels | undefined) ?? {};
}

async function accountKubeconfig(person: Person, { kubeconfig }: Place, folder: string, name: string): Promise<string> {
  const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 36_000 } };
  const reply = await until("the ServiceAccount has a token", () =>
    person.post(`/api/v1/namespaces/${OWN_NAMESPACE}/serviceaccounts/${name}/token`, request).catch(() => undefined),
  );
  const config = parse(readFileSync(kubeconfig, "utf8")) as { users: { name: string; user: unknown }[] };
  const token = (reply["status"] as { token: string }).token;
  const path = join(folder, `${name}.kubeconfig`);
  writeFileSync(path, stringify({ ...config, users: config.users.map(({ name: user }) => ({ name: user, user: { token } })) }), { mode: 0o600 });
  return path;
}

/** A person takes the Lease away, so that the next ledger need not wait for the budgets of the last one. */
export async function freeLease(person: Person): Promise<void> {
  await person.remove("coordination.k8s.io/v1", "Lease", OWN_NAMESPACE, "kintsugi");
}
