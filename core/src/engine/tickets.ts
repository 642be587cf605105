/** Tickets: what people and tools outside report is kept, changed and closed by them, and recorded with who did it. */
import { whoText } from "../model/actor.ts";
import type { Command, CommandReply } from "../model/input.ts";
import { MAX_CLOSED_TICKETS, MAX_OPEN_TICKETS, type Ticket, type TicketChange, type TicketReport } from "../model/ticket.ts";
import { ENGINE, emitRecord, type State, type Turn } from "./state.ts";

export function obeyTicket(turn: Turn, command: Extract<Command, { type: "ticket-open" | "ticket-change" | "ticket-close" }>): CommandReply {
  if (command.type === "ticket-open") return open(turn, command.report);
  const ticket = turn.state.tickets.get(command.ticket);
  if (ticket === undefined) return { ok: false, code: "not-found", text: `there is no ticket ${command.ticket}` };
  if (ticket.status === "closed") return { ok: false, code: "conflict", text: `${ticket.id} was closed: ${ticket.why}` };
  return command.type === "ticket-change" ? change(turn, ticket, command.change) : close(turn, ticket, command.why);
}

function open(turn: Turn, report: TicketReport): CommandReply {
  const { state } = turn;
  const openOnes = [...state.tickets.values()].filter(({ status }) => status === "open").length;
  if (openOnes >= MAX_OPEN_TICKETS) return { ok: false, code: "conflict", text: `${MAX_OPEN_TICKETS} tickets are open: close some before you report more` };
  const id = `${report.purpose === "coordination" ? "cwf" : "tic"}-${state.nextTicket}`;
  keep(turn, { ...report, id, openedAt: state.now, changedAt: state.now, by: turn.actor.name, status: "open" }, "opened");
  return { ok: true, id, text: `${id} is open` };
}

function change(turn: Turn, ticket: Ticket, given: TicketChange): CommandReply {
  keep(turn, { ...ticket, ...given, changedAt: turn.state.now }, `changed by ${whoText(turn.actor)}: ${Object.keys(given).join(", ")}`);
  return { ok: true, id: ticket.id, text: `${ticket.id} is changed` };
}

function close(turn: Turn, ticket: Ticket, why: string): CommandReply {
  const { now } = turn.state;
  const reason = `closed by ${whoText(turn.actor)}: ${why}`;
  keep(turn, { ...ticket, changedAt: now, status: "closed", closedAt: now, why: reason }, reason);
  return { ok: true, id: ticket.id, text: `${ticket.id} is closed` };
}

/** A coordination is over when everything that it pursues has ended; a report is closed by whoever looks after it. */
export function endCoordinations(turn: Turn): void {
  for (const ticket of [...turn.state.tickets.values()]) {
    if (ticket.purpose === "report" || ticket.status === "closed" || ticket.incidents.some((id) => isAlive(turn.state, id))) continue;
    const { now } = turn.state;
    const why = `${ticket.incidents.join(", ")} ended`;
    keep({ ...turn, actor: ENGINE }, { ...ticket, changedAt: now, status: "closed", closedAt: now, why }, why);
  }
}

function isAlive(state: State, id: string): boolean {
  const incident = state.incidents.get(id);
  return incident !== undefined && incident.phase !== "resolved";
}

function keep(turn: Turn, ticket: Ticket, reason: string): void {
  takeTicket(turn.state, ticket);
  emitRecord(turn, { type: "ticket", ticket, reason });
}

/** Puts it into the state, and drops the closed ones that are too many, those first that changed least lately. */
export function takeTicket(state: State, ticket: Ticket): void {
  // Taken out first, so that the map is in the order of the last change.
  state.tickets.delete(ticket.id);
  state.tickets.set(ticket.id, ticket);
  state.nextTicket = Math.max(state.nextTicket, Number(ticket.id.slice(4)) + 1);
  const closed = [...state.tickets.values()].filter(({ status }) => status === "closed");
  for (const old of closed.slice(0, Math.max(0, closed.length - MAX_CLOSED_TICKETS))) state.tickets.delete(old.id);
}
