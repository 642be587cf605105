import { ClusterError } from "./cluster-error.ts";

/**
 * Transfer nets between the host and a cluster's network namespace: one /28 each out of 10.213.0.0/20.
 * Address 1 is the host's end, 2 the control plane's, 3 and up the real nodes'.
 */
export interface TransferNet {
  readonly index: number;
  readonly hostAddress: string;
  readonly apiAddress: string;
  readonly prefix: 28;
}

const base = toNumber("10.213.0.0");
const netCount = 256;
const netSize = 16;

export function transferNet(index: number): TransferNet {
  return { index, hostAddress: address(index, 1), apiAddress: address(index, 2), prefix: 28 };
}

export function nodeAddress(net: TransferNet, node: number): string {
  return address(net.index, 3 + node);
}

/** Transfer nets that overlap none of the given IPv4 destinations such as 10.0.0.0/8, in order. */
export function freeTransferNets(inUse: readonly string[]): TransferNet[] {
  const taken = inUse.map(rangeOf);
  const free: TransferNet[] = [];
  for (let index = 0; index < netCount; index++) {
    const first = base + index * netSize;
    const last = first + netSize - 1;
    if (taken.every((range) => last < range.first || first > range.last)) free.push(transferNet(index));
  }
  if (free.length > 0) return free;
  throw new ClusterError(`no free transfer net: every /28 of 10.213.0.0/20 overlaps a route of this machine; remove such a route`);
}

function rangeOf(cidr: string): { first: number; last: number } {
  const [ip = "", bits = "32"] = cidr.split("/");
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor(toNumber(ip) / size) * size;
  return { first, last: first + size - 1 };
}

function address(index: number, host: number): string {
  return toDotted(base + index * netSize + host);
}

function toNumber(dotted: string): number {
  const parts = dotted.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) {
    throw new ClusterError(`${JSON.stringify(dotted)} is not an IPv4 address`);
  }
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

function toDotted(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
}
