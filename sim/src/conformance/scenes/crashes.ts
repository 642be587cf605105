/** Containers that end, and commands that cannot be run. */
import { cart, configMap, container, job, mounted, optionalFiles, podTemplate } from "./manifests.ts";
import { CART, idleCart, retemplate } from "./rollouts.ts";
import type { Scene } from "./scene.ts";
import { SCRIPTS } from "./scripts.ts";
import { both, readyPods, says, waits, wasRestarted } from "./signs.ts";

const REPORT = { kind: "Job", name: "report" } as const;

export const CRASHES: readonly Scene[] = [
  { name: "crash-loop", mode: "crash-loop", subject: CART, start: [cart(SCRIPTS.crashes)], shows: waits("CrashLoopBackOff", 3) },
  {
    ...idleCart,
    name: "bad-command-start-error",
    mode: "bad-command",
    hurt: retemplate({ command: ["serve"] }),
    shows: waits("CrashLoopBackOff", 1, "StartError"),
  },
  {
    ...idleCart,
    name: "bad-command-exit-127",
    mode: "bad-command",
    hurt: retemplate(container(SCRIPTS.callsWhatIsNotThere)),
    shows: waits("CrashLoopBackOff", 3),
  },
  {
    name: "failed-job",
    mode: "failed-job",
    subject: REPORT,
    start: [job("report", podTemplate("report", [container(SCRIPTS.failsAtOnce)]), 1)],
    shows: says("Job", "Failed"),
  },
  {
    name: "healthy-job-after-failure",
    mode: "",
    subject: REPORT,
    start: [job("report", podTemplate("report", [container(SCRIPTS.waitsForGo, mounted("go"))], { volumes: [optionalFiles("go")] }), 20)],
    isWell: (objects) => objects.some((object) => object.kind === "Job" && object.status.failed > 0),
    hurt: [{ type: "create", manifest: configMap("go", { now: "yes" }) }],
    shows: says("Job", "Complete"),
  },
  {
    name: "healthy-one-restart",
    mode: "",
    subject: CART,
    start: [cart(SCRIPTS.crashesOnce, mounted("keep"), { volumes: [{ name: "keep", emptyDir: {} }] })],
    shows: both(readyPods(2), readyPods(2, wasRestarted(1))),
  },
];
