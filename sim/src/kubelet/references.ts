/** ConfigMaps, Secrets and keys that a container or a pod's volumes need and that are not there, in the kubelet's words. */
import type { Container, Pod } from "@kintsugi/core";
import type { World } from "../world/world.ts";

type Source = "ConfigMap" | "Secret";

function keysOf(world: World, source: Source, namespace: string, name: string): readonly string[] | undefined {
  return source === "Secret" ? world.secrets.get(`${namespace}/${name}`) : world.store.get("ConfigMap", namespace, name)?.keys;
}

function missingObject(source: Source, name: string): string {
  return `${source.toLowerCase()} "${name}" not found`;
}

/** Of `env` and `envFrom`: why the container cannot be created; undefined when it can. */
export function missingForContainer(world: World, pod: Pod, container: Container): string | undefined {
  const { namespace } = pod.metadata;
  for (const { configMapRef, secretRef } of container.envFrom ?? []) {
    for (const [source, ref] of [
      ["ConfigMap", configMapRef],
      ["Secret", secretRef],
    ] as const) {
      if (ref === undefined || ref.optional === true) continue;
      if (keysOf(world, source, namespace, ref.name) === undefined) return missingObject(source, ref.name);
    }
  }
  for (const { valueFrom } of container.env ?? []) {
    for (const [source, ref] of [
      ["ConfigMap", valueFrom?.configMapKeyRef],
      ["Secret", valueFrom?.secretKeyRef],
    ] as const) {
      if (ref === undefined || ref.optional === true) continue;
      const keys = keysOf(world, source, namespace, ref.name);
      if (keys === undefined) return missingObject(source, ref.name);
      if (!keys.includes(ref.key)) return `couldn't find key ${ref.key} in ${source} ${namespace}/${ref.name}`;
    }
  }
  return undefined;
}

/** Of mounted volumes: the message of the FailedMount Event; undefined when all can be mounted. */
export function missingForVolumes(world: World, pod: Pod): string | undefined {
  const { namespace } = pod.metadata;
  for (const volume of pod.spec.volumes ?? []) {
    const wanted = [
      { source: "ConfigMap" as const, name: volume.configMap?.name, optional: volume.configMap?.optional, items: volume.configMap?.items },
      { source: "Secret" as const, name: volume.secret?.secretName, optional: volume.secret?.optional, items: undefined },
    ];
    for (const { source, name, optional, items } of wanted) {
      if (name === undefined || optional === true) continue;
      const keys = keysOf(world, source, namespace, name);
      if (keys === undefined) return `MountVolume.SetUp failed for volume "${volume.name}" : ${missingObject(source, name)}`;
      const key = items?.find((item) => !keys.includes(item.key))?.key;
      if (key !== undefined) return `MountVolume.SetUp failed for volume "${volume.name}" : ${source.toLowerCase()} references non-existent config key: ${key}`;
    }
  }
  return undefined;
}
