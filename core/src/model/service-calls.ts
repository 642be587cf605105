/**
 * Which Services a workload calls, by what its template says in plain sight: values of variables, commands and arguments.
 *
 * Only what is written as an address counts (a URL, `host:port`, a cluster name ending in `.svc`, or a bare name where the variable or flag is
 * called an address), and only where a Service of that name exists. Values from ConfigMaps and Secrets are not observed and say nothing.
 */
import type { Container, PodSpec, Service } from "./kube.ts";
import { REDACTED_HOST } from "./redact.ts";
import type { View } from "./view.ts";

export interface ServiceCall {
  readonly service: Service;
  /** Where it is written: `env PAYMENTS_ADDR`, `argument --upstream`. */
  readonly where: string;
}

interface Mention {
  readonly host: string;
  readonly where: string;
}

/** Each Service once, by the first place that names it. A pure question to the view: one `get` per address. */
export function servicesCalled(spec: PodSpec, namespace: string, view: View): readonly ServiceCall[] {
  const found = new Map<string, ServiceCall>();
  for (const { host, where } of mentionsIn(spec)) {
    for (const name of serviceNames(host, namespace)) {
      const service = view.get("Service", name.namespace, name.name);
      if (service === undefined) continue;
      const key = `${name.namespace}/${name.name}`;
      if (!found.has(key)) found.set(key, { service, where });
      break;
    }
  }
  return [...found.values()];
}

/** Specs are values that never change, and one is asked about as long as its workload is ill. */
const KNOWN = new WeakMap<PodSpec, readonly Mention[]>();

function mentionsIn(spec: PodSpec): readonly Mention[] {
  const known = KNOWN.get(spec);
  if (known !== undefined) return known;
  const mentions = [...spec.containers, ...(spec.initContainers ?? [])].flatMap(mentionsOf);
  KNOWN.set(spec, mentions);
  return mentions;
}

/** A name that says that its value is an address, so that a bare host name may stand there. */
const ADDRESS_NAME = /(?:^|[_.-])(?:hosts?|hostname|addr|address|addresses|url|uri|endpoint|servers?|upstream|brokers?)$/i;

function mentionsOf(container: Container): readonly Mention[] {
  const found: Mention[] = [];
  for (const { name, value } of container.env ?? []) {
    if (value !== undefined) for (const host of hostsIn(value, ADDRESS_NAME.test(name))) found.push({ host, where: `env ${name}` });
  }
  for (const field of ["command", "args"] as const) {
    const words = container[field];
    if (!Array.isArray(words)) continue;
    let flag = "";
    for (const word of words) {
      if (typeof word !== "string") continue;
      const assigned = /^(-{1,2}[\w.-]+)=(.*)$/s.exec(word);
      const name = assigned?.[1] ?? flag;
      const where = name === "" ? `${field === "args" ? "arguments" : "command"} of ${container.name}` : `argument ${name}`;
      for (const host of hostsIn(assigned?.[2] ?? word, ADDRESS_NAME.test(name))) found.push({ host, where });
      flag = /^-{1,2}[\w.-]+$/.test(word) ? word : "";
    }
  }
  return found;
}

/** Longer values are documents, not addresses. */
const MAX_VALUE = 4_096;
const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const HOST = `${LABEL}(?:\\.${LABEL}){0,8}`;
const URL = new RegExp(`^(?:jdbc:)?[a-z][a-z0-9+.-]{0,20}://(?:[\\w.-]{1,64}@)?(${HOST})\\.?(?::\\d{1,5})?(?:[/?#]|$)`);
const HOST_AND_PORT = new RegExp(`^(${HOST})\\.?:\\d{1,5}(?:/|$)`);
const CLUSTER_NAME = new RegExp(`^(${LABEL}\\.${LABEL}\\.svc(?:\\.${HOST})?|${LABEL}\\.${LABEL}\\.${LABEL}\\.svc(?:\\.${HOST})?)\\.?$`);
const BARE_HOST = new RegExp(`^(${HOST})\\.?$`);

function hostsIn(value: string, isAddress: boolean): readonly string[] {
  if (value.length > MAX_VALUE) return [];
  return value.split(/[\s,;]+/).flatMap((word) => {
    const bare = word.replace(/^["'`(]+|["'`)]+$/g, "");
    // What is left of a URL with credentials is its host.
    const text = bare.replace(REDACTED_HOST, "");
    const isHost = isAddress || text !== bare;
    const host = (URL.exec(text) ?? HOST_AND_PORT.exec(text) ?? CLUSTER_NAME.exec(text) ?? (isHost ? BARE_HOST.exec(text) : null))?.[1];
    return host === undefined || /(?:^|\.)\d+$/.test(host) ? [] : [host];
  });
}

/** `orders`, `orders.shop`, `orders.shop.svc.any.domain`, and a pod of a headless Service: `orders-0.orders.shop.svc`, `orders-0.orders`. */
function serviceNames(host: string, namespace: string): readonly { readonly namespace: string; readonly name: string }[] {
  const labels = host.split(".");
  const [first = "", second = "", third = ""] = labels;
  const svc = labels.indexOf("svc");
  if (svc === 3) return [{ name: second, namespace: third }];
  if (svc === 2) return [{ name: first, namespace: second }];
  if (labels.length === 1) return [{ name: first, namespace }];
  if (labels.length === 2) {
    const isPodOf = new RegExp(`^${second}-\\d+$`).test(first);
    return isPodOf ? [{ name: second, namespace }] : [{ name: first, namespace: second }];
  }
  return labels.length === 3 && new RegExp(`^${second}-\\d+$`).test(first) ? [{ name: second, namespace: third }] : [];
}
