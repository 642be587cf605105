import { SURE } from "../../../core/src/testing/engine-bench.ts";
import { FAULTS } from "../faults/catalog.ts";
import { createRandom } from "../random.ts";
import { buildShop } from "../shop.ts";
import { actPolicy, kintsugi } from "./kintsugi.ts";

const MIN = 60000;
const only = process.argv[2];
for (const fault of FAULTS) {
  if (only && fault.id !== only) continue;
  const stage = buildShop(`try-${fault.id}`);
  const random = createRandom(`x-${fault.id}`);
  const t0 = stage.cluster.timeline.now();
  const w0 = performance.now();
  const c = await kintsugi({ policy: actPolicy(), confidence: SURE }).enter(stage.cluster, random);
  try {
    await stage.cluster.run(t0 + 15 * MIN, () => c.settled());
    const pre = c.incidents().length;
    const inj = fault.inject(stage, random);
    await stage.cluster.run(t0 + 90 * MIN, () => c.settled());
    const inc = c.incidents();
    console.log(
      `${fault.id.padEnd(24)} pre=${pre} over=${inj?.isOver()} healable=[${fault.healedBy}] truth=[${fault.truth}] wall=${Math.round(performance.now() - w0)}ms`,
    );
    for (const i of inc)
      console.log(
        "    ",
        i.id,
        i.phase,
        i.phase === "resolved" ? i.how : i.phase === "escalated" ? i.why.slice(0, 150) : i.phase === "held" ? i.why.slice(0, 150) : "",
        i.mode,
        i.subject.kind,
        i.subject.name,
        inj?.targets.some((t) => t.name === i.subject.name && t.kind === i.subject.kind) ? "ontarget" : "OFFTARGET",
        i.attempts.map((a) => `${a.plan.action}:${a.outcome}`).join(","),
        "|",
        i.diagnosis?.candidates.map((x) => x.mode + "{" + x.pattern + "}").join(" > "),
      );
    if (only)
      for (const r of c.records()) {
        const b = r.body;
        console.log(
          new Date(r.at).toISOString().slice(11, 19),
          b.type,
          b.type === "incident"
            ? `${b.incident.id} ${b.incident.subject.name} ${b.from}->${b.incident.phase}: ${b.reason.slice(0, 400)}`
            : b.type === "act"
              ? JSON.stringify(b.step).slice(0, 400)
              : "",
        );
      }
  } catch (e) {
    console.log(fault.id, "THREW", (e as Error).stack?.slice(0, 900));
  }
}
process.exit(0);
