/** An incident with two candidates, whose texts may be set. */
import type { Candidate, Incident } from "@kintsugi/core";
import { CART, incident, T0 } from "../../adapters/testing/records.ts";

export interface Texts {
  readonly title?: string;
  readonly finding?: string;
  readonly evidence?: string;
  readonly change?: string;
}

export function diagnosed(id = "inc-17", { title = "Deployment shop/cart has no ready pod", finding, evidence, change }: Texts = {}): Incident {
  const candidate = (mode: string, share: number, text: string): Candidate => ({
    mode,
    pattern: "a+b-",
    confidence: { type: "measured", share, cases: 400 },
    evidence: [
      { id: "a", favours: true, text, refs: [CART] },
      { id: "b", favours: false, text: "the old pods ended too", refs: [] },
    ],
  });
  return {
    ...incident(id),
    title,
    mode: "crash-loop",
    findings: [{ detector: "crash-loop", subject: CART, since: T0, summary: finding ?? "3 pods end at once with code 1", members: [], count: 3, lostShare: 1 }],
    diagnosis: {
      candidates: [
        candidate("crash-loop", 0.9, evidence ?? "the container says: cannot open /etc/cart.conf"),
        candidate("bad-rollout", 0.7, "it began with revision 4"),
      ],
      changes: [{ id: "image", favours: true, text: change ?? "the image became shop/cart:1.3 at 09:59", refs: [] }],
      at: T0,
    },
  };
}
