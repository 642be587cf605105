/** The ticket that a path names. */
import type { Ticket } from "@kintsugi/core";
import type { ApiContext } from "../context.ts";
import { ContractRefusal } from "./refusal.ts";

/** From memory, or as the ledger has it last. `find` throws ContractRefusal 404 where there is none. */
export function ticketsOf({ engine, ledger }: Pick<ApiContext, "engine" | "ledger">) {
  const known = async (id: string): Promise<Ticket | undefined> => {
    const kept = engine.tickets().find((one) => one.id === id);
    if (kept !== undefined) return kept;
    const [last] = await ledger.find({ incident: id, types: ["ticket"], order: "newest-first", limit: 1 });
    return last?.body.type === "ticket" ? last.body.ticket : undefined;
  };
  const find = async (id: string): Promise<Ticket> => {
    const ticket = await known(id);
    if (ticket !== undefined) return ticket;
    throw new ContractRefusal(
      404,
      "NOT_FOUND",
      `there is no ${id}; list ${id.startsWith("cwf-") ? "coordinations with GET /api/v1/coordination/workflows" : "what was reported with GET /api/v1/incidents"}`,
    );
  };
  return { known, find };
}
