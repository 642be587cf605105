/** Where the stories are told: the cluster that `make test-cluster` started, or the one that KINTSUGI_TEST_CONTEXT names. */
import type { Person } from "./person.ts";
import { until } from "./person.ts";

export interface Place {
  readonly kubeconfig: string;
  /** The judge of who wrote what; undefined on a cluster that is not ours, where only objects can be judged. */
  readonly auditLog: string | undefined;
  /** Name of our own cluster, whose kubelets may be stopped; undefined on any other. */
  readonly cluster: string | undefined;
  /** A busybox. */
  readonly image: string;
  /** An image that its registry is reached for and does not have. */
  readonly missingImage: string;
}

/** Port of the registry on the nodes' own loopback, where containerd speaks plain HTTP. */
const REGISTRY_PORT = 5000;
const REGISTRY_NAMESPACE = "kintsugi-story-registry";

export function place(): Place {
  const kubeconfig = process.env["KINTSUGI_CLUSTER_KUBECONFIG"] ?? "";
  if (kubeconfig === "") throw new Error("KINTSUGI_CLUSTER_KUBECONFIG must name the kubeconfig of a test cluster (make test-cluster sets it)");
  const auditLog = process.env["KINTSUGI_CLUSTER_AUDIT_LOG"];
  const foreign = (process.env["KINTSUGI_TEST_CONTEXT"] ?? "") !== "";
  // A cluster without a way to the world's registry names a busybox that its nodes can have.
  const image = foreign ? process.env["KINTSUGI_TEST_IMAGE"] || "busybox:1.36" : "localhost/busybox:1";
  return {
    kubeconfig,
    auditLog: foreign ? undefined : auditLog,
    cluster: foreign ? undefined : process.env["KINTSUGI_CLUSTER_NAME"],
    image,
    missingImage: foreign ? `${image.replace(/:[^:/]*$/, "")}:kintsugi-no-such-tag` : `localhost:${REGISTRY_PORT}/shop/cart:no-such-tag`,
  };
}

/** A registry that answers and has nothing: a web server on the nodes' own loopback. Other clusters reach a registry of the world. */
export async function startRegistry(person: Person, { cluster, image }: Place): Promise<void> {
  if (cluster === undefined) return;
  await person.ensure({ apiVersion: "v1", kind: "Namespace", metadata: { name: REGISTRY_NAMESPACE } });
  await until("the registry's namespace has its account", () => person.get("v1", "ServiceAccount", REGISTRY_NAMESPACE, "default"));
  const command = `mkdir /srv && exec httpd -f -p 127.0.0.1:${REGISTRY_PORT} -h /srv`;
  await person.ensure({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "registry", namespace: REGISTRY_NAMESPACE },
    spec: { hostNetwork: true, terminationGracePeriodSeconds: 0, containers: [{ name: "registry", image, command: ["sh", "-c", command] }] },
  });
  await until("the registry runs", async () => {
    const pod = await person.get("v1", "Pod", REGISTRY_NAMESPACE, "registry");
    return pod?.["status"]?.phase === "Running";
  });
}

export async function stopRegistry(person: Person, { cluster }: Place): Promise<void> {
  if (cluster !== undefined) await person.remove("v1", "Namespace", "", REGISTRY_NAMESPACE);
}
