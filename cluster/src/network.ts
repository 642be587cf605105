import { existsSync } from "node:fs";
import { execute } from "./execute.ts";
import { freeTransferNets, nodeAddress, type TransferNet } from "./subnets.ts";

/** Inside the namespace these are the same for every cluster; nothing routes them to the host. */
export const serviceRange = "10.96.0.0/16";
export const apiServiceAddress = "10.96.0.1";
export const dnsServiceAddress = "10.96.0.10";
export const podRange = "10.244.0.0/16";
export const virtualPodRange = "10.245.0.1/16";

export interface ClusterNetwork {
  readonly namespace: string;
  /** The host's end of the veth pair. */
  readonly hostLink: string;
  readonly net: TransferNet;
}

export const namespaceOf = (name: string): string => `kintsugi-${name}`;
export const namespacePath = (namespace: string): string => `/run/netns/${namespace}`;
export const namespaceExists = (namespace: string): boolean => existsSync(namespacePath(namespace));
const linkExists = (link: string): boolean => existsSync(`/sys/class/net/${link}`);

/**
 * Makes the namespace and its link to the host. Two clusters that start at once may choose the same net:
 * the link's name belongs to the net, so the second one to create it fails and takes the next.
 * `record` is called before each attempt, so that a killed start can still be cleaned up.
 */
export async function createNetwork(name: string, nodes: number, record: (network: ClusterNetwork) => void): Promise<ClusterNetwork> {
  const namespace = namespaceOf(name);
  const candidates = freeTransferNets(await routedDestinations());
  for (const net of candidates) {
    const hostLink = `kintsugi-h${net.index}`;
    if (linkExists(hostLink)) continue;
    const network = { namespace, hostLink, net };
    record(network);
    if (!namespaceExists(namespace)) await execute("ip", ["netns", "add", namespace]);
    if (await createLink(network)) {
      await configure(network, nodes);
      return network;
    }
  }
  throw new Error("every transfer net was taken while it was being created");
}

export async function removeNetwork(network: ClusterNetwork): Promise<void> {
  if (namespaceExists(network.namespace)) {
    if (linkExists(network.hostLink) && (await linkLeadsTo(network))) {
      await execute("ip", ["link", "delete", network.hostLink]);
    }
    await execute("ip", ["netns", "delete", network.namespace]);
  }
}

async function createLink(network: ClusterNetwork): Promise<boolean> {
  const peer = ["peer", "name", "eth0", "netns", network.namespace];
  try {
    await execute("ip", ["link", "add", network.hostLink, "type", "veth", ...peer]);
    return true;
  } catch (error) {
    if (linkExists(network.hostLink)) return false;
    throw error;
  }
}

/** A start that lost the race for a net has recorded a link which is another cluster's. */
async function linkLeadsTo(network: ClusterNetwork): Promise<boolean> {
  const links = JSON.parse(await execute("ip", ["-json", "link", "show", "dev", network.hostLink])) as LinkRow[];
  return links[0]?.link_netns === network.namespace;
}

interface LinkRow {
  readonly link_netns?: string;
}

async function configure(network: ClusterNetwork, nodes: number): Promise<void> {
  const { namespace, hostLink, net } = network;
  const inside = (...args: string[]) => execute("ip", ["-n", namespace, ...args]);
  await execute("ip", ["address", "add", `${net.hostAddress}/${net.prefix}`, "dev", hostLink]);
  await execute("ip", ["link", "set", hostLink, "up"]);
  await inside("link", "set", "lo", "up");
  await inside("address", "add", `${net.apiAddress}/${net.prefix}`, "dev", "eth0");
  for (let node = 0; node < nodes; node++) {
    await inside("address", "add", `${nodeAddress(net, node)}/${net.prefix}`, "dev", "eth0");
  }
  await inside("link", "set", "eth0", "up");
  // A packet to a Service needs some route before kube-proxy's rules can rewrite it. One that no rule takes
  // asks for a neighbour that is not there and ends; there is no default route out of the namespace.
  await inside("route", "add", serviceRange, "dev", "eth0", "src", net.apiAddress);
}

interface RouteRow {
  readonly dst: string;
}

async function routedDestinations(): Promise<string[]> {
  const rows = JSON.parse(await execute("ip", ["-json", "-4", "route", "show", "table", "all"])) as RouteRow[];
  return rows.map((row) => row.dst).filter((dst) => /^\d/.test(dst) && !dst.startsWith("0.0.0.0/0"));
}
