/** What scenes ask for, done to a real cluster. */
import { apiVersion } from "@kintsugi/core";
import type { Cluster } from "../../../cluster/src/index.ts";
import type { Deed, Manifest } from "../../../sim/src/conformance/scenes/scene.ts";
import { type KubeObject, type Person, until } from "../harness/person.ts";

export async function create(person: Person, namespace: string, manifest: Manifest): Promise<void> {
  await person.create({ ...manifest, metadata: { ...manifest.metadata, ...(namespace === "" ? {} : { namespace }) } });
}

/** `cluster` is wanted only where kubelets are stopped. */
export async function act(person: Person, cluster: Cluster | undefined, namespace: string, deed: Deed): Promise<void> {
  switch (deed.type) {
    case "create":
      return create(person, namespace, deed.manifest);
    case "patch":
      await person.patch(apiVersion(deed.kind), deed.kind, deed.kind === "Node" ? "" : namespace, deed.name, deed.patch);
      return;
    case "remove":
      return person.remove(apiVersion(deed.kind), deed.kind, namespace, deed.name);
    case "remove-pods":
      for (const pod of await person.list("v1", "Pod", namespace)) await person.remove("v1", "Pod", namespace, pod.metadata.name);
      return;
    default:
      if (cluster === undefined) throw new Error("kubelets can be stopped only in a cluster of our own: name it");
      if (deed.type === "stop-kubelet") return cluster.stopKubelet(deed.node);
      await cluster.startKubelet(deed.node);
      // Until then pods that come are told that they need not go.
      await until(`${deed.node} is well again`, async () => isOpen(await person.get("v1", "Node", "", deed.node)));
  }
}

function isOpen(node: KubeObject | undefined): boolean {
  return node?.["spec"].taints === undefined;
}
