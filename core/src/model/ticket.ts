/** What a person or a tool outside reports. The engine keeps it and says which of its incidents it is about; it decides nothing by it. */
import type { Severity } from "./incident.ts";
import type { Ref } from "./ref.ts";

/** `report`: something seems wrong. `coordination`: several objects whose trouble is to be pursued together. */
export type TicketPurpose = "report" | "coordination";

/** An object that a ticket names, in the reporter's words. */
export interface TicketResource {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** What is said to be wrong with it. Untrusted text. */
  readonly issue: string;
  /** The object that answers for it, where it was seen: an incident of this one is what the ticket is about. */
  readonly subject?: Ref;
}

/** What whoever reports says; every text in it is untrusted. */
export interface TicketReport {
  readonly purpose: TicketPurpose;
  readonly title: string;
  readonly description: string;
  readonly severity: Severity;
  /** Empty: about the whole cluster, or several namespaces. */
  readonly namespace: string;
  readonly target: string;
  readonly affected: readonly string[];
  readonly resources: readonly TicketResource[];
  readonly labels: Readonly<Record<string, string>>;
  /** Its name in the system that reports it. */
  readonly externalId?: string;
  readonly correlationId?: string;
  /** How sure the reporter is, 0 to 1: their word, and no decision uses it. */
  readonly confidence?: number;
  /** Ids of the engine's incidents that it was found or said to be about. */
  readonly incidents: readonly string[];
}

/** What may change while it is open. */
export type TicketChange = Partial<Pick<TicketReport, "title" | "description" | "severity" | "target" | "affected" | "resources" | "labels" | "incidents">>;

export type Ticket = TicketReport & {
  /** `tic-4`, or `cwf-4` for a coordination; both count together. */
  readonly id: string;
  readonly openedAt: number;
  readonly changedAt: number;
  readonly by: string;
} & ({ readonly status: "open" } | { readonly status: "closed"; readonly closedAt: number; readonly why: string });

/** More open ones are refused, so that a reporter in a loop cannot fill the ledger. */
export const MAX_OPEN_TICKETS = 1_000;
/** Closed ones in memory, the newest; the ledger keeps them as long as it keeps anything. */
export const MAX_CLOSED_TICKETS = 500;
