/** Vectors of a whole server: the Server Machine Dataset, beside what TSB-AD published for its machines. */
import { join } from "node:path";
import type { Part } from "./part.ts";
import { forestExtension, forestNames } from "./smd/forest-extension.ts";
import { machinesIn } from "./smd/machines.ts";
import { cost, tunedOn } from "./smd/made.ts";
import { ablation, beside, forAPerson } from "./smd/tables.ts";

export const smd: Part = {
  name: "smd",
  title: "Server machines",
  needs: ["smd", "published"],
  run: async (data, say) => {
    const machines = machinesIn(join(data, "smd"), join(data, "published", "tsb-ad-m_smd_vus-pr.csv"), say);
    say(`machines: ${machines.map(({ name, prefix }) => `${name} (prefix of ${prefix} rows)`).join(", ")}`);
    return [...beside(machines), forAPerson(machines), ablation(machines, say), forestExtension(machines, say), forestNames(), tunedOn(say), cost(say)];
  },
};
