/** Pod templates and pod specs: whole enough for an exact rollback, without the secrets that people write into them. */
import type { Container, PodSpec, PodTemplate, Volume } from "../kube.ts";
import { redactArguments, redactedValue, redactNamed } from "../redact.ts";
import { projectAnnotation } from "./metadata.ts";
import { isRaw, pick, type Raw, raw, rawList, text, textList, textMap } from "./raw.ts";

const PROBES = ["readinessProbe", "livenessProbe", "startupProbe"] as const;
/** Mounted into every pod by admission, under a name of its own per pod. */
const INJECTED_VOLUME = "kube-api-access-";

/** Fields of a running pod's spec beside containers and volumes; the rest repeats its owner's template. */
const POD_FIELDS = [
  "nodeName",
  "nodeSelector",
  "affinity",
  "tolerations",
  "topologySpreadConstraints",
  "priorityClassName",
  "priority",
  "restartPolicy",
  "terminationGracePeriodSeconds",
  "activeDeadlineSeconds",
  "hostNetwork",
  "serviceAccountName",
  "schedulerName",
  "schedulingGates",
  "readinessGates",
  "imagePullSecrets",
  "runtimeClassName",
] as const;

/** `{metadata, spec}` of a workload, every field kept. */
export function projectTemplate(value: unknown): PodTemplate {
  const template = raw(value);
  const meta = raw(template["metadata"]);
  const annotations = textMap(meta["annotations"]);
  return {
    metadata: {
      ...(meta["labels"] === undefined ? {} : { labels: textMap(meta["labels"]) }),
      ...(meta["annotations"] === undefined
        ? {}
        : { annotations: Object.fromEntries(Object.entries(annotations).map(([key, item]) => [key, projectAnnotation(key, item)])) }),
    },
    spec: projectTemplateSpec(raw(template["spec"])),
  };
}

function projectTemplateSpec(spec: Raw): PodSpec {
  const result: Record<string, unknown> = { ...spec, containers: rawList(spec["containers"]).map(projectContainer) };
  for (const field of ["initContainers", "ephemeralContainers"]) if (spec[field] !== undefined) result[field] = rawList(spec[field]).map(projectContainer);
  if (spec["volumes"] !== undefined) result["volumes"] = rawList(spec["volumes"]).map(projectVolume);
  return result as unknown as PodSpec;
}

/** The spec of a running pod: what names its containers, probes, limits and references, and where it runs. */
export function projectPodSpec(value: unknown): PodSpec {
  const spec = raw(value);
  const result = pick(spec, POD_FIELDS);
  result["containers"] = rawList(spec["containers"]).map((container) => withoutInjectedMount(projectContainer(container)));
  if (spec["initContainers"] !== undefined) {
    result["initContainers"] = rawList(spec["initContainers"]).map((container) => withoutInjectedMount(projectContainer(container)));
  }
  const volumes = rawList(spec["volumes"]).filter((volume) => !text(volume["name"]).startsWith(INJECTED_VOLUME));
  if (volumes.length > 0) result["volumes"] = volumes.map(projectVolume);
  return result as unknown as PodSpec;
}

function withoutInjectedMount(container: Container): Container {
  const mounts = container["volumeMounts"];
  if (mounts === undefined) return container;
  const { volumeMounts, ...rest } = container;
  const own = rawList(volumeMounts).filter((mount) => !text(mount["name"]).startsWith(INJECTED_VOLUME));
  return own.length === 0 ? rest : { ...rest, volumeMounts: own };
}

export function projectContainer(container: Raw): Container {
  const result: Record<string, unknown> = { ...container, name: text(container["name"]), image: text(container["image"]) };
  if (container["env"] !== undefined) result["env"] = rawList(container["env"]).map(projectEnv);
  for (const field of ["command", "args"]) if (container[field] !== undefined) result[field] = redactArguments(textList(container[field]));
  for (const field of PROBES) if (isRaw(container[field])) result[field] = projectHandler(container[field]);
  if (isRaw(container["lifecycle"])) {
    const hooks = Object.entries(container["lifecycle"]);
    result["lifecycle"] = Object.fromEntries(hooks.map(([hook, handler]) => [hook, isRaw(handler) ? projectHandler(handler) : handler]));
  }
  return result as unknown as Container;
}

function projectEnv(variable: Raw): Raw {
  const value = variable["value"];
  return typeof value === "string" ? { ...variable, value: redactNamed(text(variable["name"]), value) } : variable;
}

/** A probe or lifecycle hook: commands and HTTP headers may carry credentials. */
function projectHandler(handler: Raw): Raw {
  const result: Record<string, unknown> = { ...handler };
  if (isRaw(handler["exec"])) result["exec"] = { ...handler["exec"], command: redactArguments(textList(handler["exec"]["command"])) };
  const http = handler["httpGet"];
  if (isRaw(http)) {
    result["httpGet"] = {
      ...http,
      ...(http["path"] === undefined ? {} : { path: redactNamed("", text(http["path"])) }),
      ...(http["httpHeaders"] === undefined ? {} : { httpHeaders: rawList(http["httpHeaders"]).map(projectHeader) }),
    };
  }
  return result;
}

function projectHeader(header: Raw): Raw {
  const name = text(header["name"]);
  const value = text(header["value"]);
  return { ...header, value: /authorization|cookie/i.test(name) ? redactedValue(value) : redactNamed(name, value) };
}

/** Volume sources that take free-form options (flexVolume, CSI) may hold a password among them. */
function projectVolume(volume: Raw): Volume {
  const result: Record<string, unknown> = { ...volume };
  for (const [source, options] of [
    ["flexVolume", "options"],
    ["csi", "volumeAttributes"],
  ] as const) {
    const value = volume[source];
    if (!isRaw(value) || value[options] === undefined) continue;
    const entries = Object.entries(textMap(value[options])).map(([key, item]) => [key, redactNamed(key, item)] as const);
    result[source] = { ...value, [options]: Object.fromEntries(entries) };
  }
  return result as unknown as Volume;
}
