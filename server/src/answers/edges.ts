/** How two objects of the cluster hang together. Read in the direction of the arrow: `Deployment cart owns ReplicaSet cart-1`. */
export const EDGES = ["owns", "selects", "runs-on", "mounts", "calls", "explains"] as const;

export interface Edge {
  /** `Kind/namespace/name`. */
  readonly from: string;
  readonly to: string;
  readonly type: (typeof EDGES)[number];
  readonly why?: string;
}
