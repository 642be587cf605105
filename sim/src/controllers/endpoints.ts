/** EndpointSlices of Services with a selector (pkg/controller/endpointslice). One slice is enough at this size. */
import type { EndpointSlice, Pod, Service } from "@kintsugi/core";
import { controllerActor } from "../api/actor.ts";
import { unserved } from "../world/facts.ts";
import { sameJson } from "../world/same.ts";
import { matchesLabels } from "../world/selector.ts";
import type { World } from "../world/world.ts";
import { isReady, isTerminal, ownerReference } from "./pods.ts";
import { keyOf, splitKey, WorkQueue } from "./queue.ts";

const ACTOR = controllerActor("endpointslice-controller");
const SERVICE_NAME = "kubernetes.io/service-name";

export function startEndpoints(world: World): void {
  const random = world.random.fork("endpoints");
  const queue = new WorkQueue(world, "endpoints", (key) => reconcile(world, () => random.suffix(5), key));
  world.store.onChange(["Service"], ({ before, after }) => queue.add(keyOf((after ?? before)?.metadata ?? { namespace: "", name: "" })));
  world.store.onChange(["EndpointSlice"], ({ before, after }) => noteServed(world, (after ?? before) as EndpointSlice, after !== undefined));
  world.store.onChange(["Pod"], ({ before, after }) => {
    const pod = (after ?? before) as Pod;
    if (!concerns(before as Pod | undefined, after as Pod | undefined)) return;
    for (const service of world.store.inNamespace("Service", pod.metadata.namespace)) {
      const { selector } = service.spec;
      const selects = (one: Pod | undefined) => one !== undefined && matchesLabels(selector, one.metadata.labels);
      if (Object.keys(selector).length > 0 && (selects(before as Pod | undefined) || selects(after as Pod | undefined))) queue.add(keyOf(service.metadata));
    }
  });
}

/** Whether a call of the Service would be answered. */
function noteServed(world: World, { metadata, endpoints }: EndpointSlice, exists: boolean): void {
  const fact = unserved(metadata.namespace, metadata.labels[SERVICE_NAME] ?? "");
  if (exists && endpoints.some((endpoint) => endpoint.ready)) world.facts.clear(fact);
  else world.facts.set(fact, world.timeline.now());
}

/** False for changes of a pod that no endpoint shows. */
function concerns(before: Pod | undefined, after: Pod | undefined): boolean {
  if (before === undefined || after === undefined) return true;
  return (
    before.metadata.labels !== after.metadata.labels ||
    before.metadata.deletionTimestamp !== after.metadata.deletionTimestamp ||
    before.status.podIP !== after.status.podIP ||
    before.status.phase !== after.status.phase ||
    isReady(before) !== isReady(after)
  );
}

function reconcile(world: World, suffix: () => string, key: string): void {
  const { namespace, name } = splitKey(key);
  const service = world.store.get("Service", namespace, name);
  if (service === undefined || Object.keys(service.spec.selector).length === 0) return;
  const endpoints = endpointsOf(world, service);
  const slice = world.store.ownedBy("EndpointSlice", service.metadata.uid)[0];
  if (slice === undefined) {
    const metadata = { name: `${name}-${suffix()}`, namespace, labels: { [SERVICE_NAME]: name }, ownerReferences: [ownerReference(service)] };
    world.api.create(ACTOR, { kind: "EndpointSlice", metadata, endpoints });
  } else if (!sameJson(slice.endpoints, endpoints)) {
    world.api.update(ACTOR, { ...slice, endpoints });
  }
}

function endpointsOf(world: World, service: Service): EndpointSlice["endpoints"] {
  const pods = world.store.inNamespace("Pod", service.metadata.namespace).filter((pod) => matchesLabels(service.spec.selector, pod.metadata.labels));
  return pods
    .filter((pod) => pod.status.podIP !== "" && !isTerminal(pod))
    .map((pod) => {
      // A pod that ends stays in its slice until it has, but is sent nothing any more.
      const ready = service.spec.publishNotReadyAddresses || (isReady(pod) && pod.metadata.deletionTimestamp === undefined);
      return { addresses: 1, ready, podName: pod.metadata.name, nodeName: pod.spec.nodeName ?? "" };
    });
}
