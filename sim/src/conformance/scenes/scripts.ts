/** What the containers of the scenes run, and what the simulator is told that this does. */
import { behaviour, type Exit, type ImageBehaviour } from "../../world/images.ts";

export const IMAGE = "localhost/busybox:1";
const MIB = 2 ** 20;

/** True in the simulator while the scene's namespace holds the ConfigMap. */
export function configMapFact(name: string): string {
  return `configmap ${name}`;
}

export interface Script {
  readonly text: string;
  readonly does: Partial<ImageBehaviour>;
}

const ends = (afterMs: number, code: number, when: Exit["when"] = { type: "always" }): Exit => ({ when, afterMs, code, log: "" });
const idle = 'trap "exit 0" TERM INT; while :; do sleep 3600 & wait $!; done';
/** A shell without a trap, as the first process of its container, does not hear TERM. */
const deaf = { stopMs: Number.POSITIVE_INFINITY };
const fills = { baseBytes: MIB, peakAfterMs: 1_000, peakBytes: 2 ** 30 };

export const SCRIPTS = {
  /** Ends at once when asked to. */
  idle: { text: idle, does: {} },
  crashes: { text: "echo starting; sleep 2; exit 3", does: { exits: [ends(2_000, 3)] } },
  crashesSoon: { text: "sleep 1; exit 1", does: { exits: [ends(1_000, 1)] } },
  callsWhatIsNotThere: { text: "serve", does: {} },
  sleeps: { text: "tail /dev/null; sleep 3600", does: deaf },
  fillsMemory: { text: "sleep 1; tail /dev/zero", does: { ...deaf, memory: fills } },
  failsAtOnce: { text: "exit 4", does: { exits: [ends(5, 4)] } },
  waitsForGo: { text: "[ -e /go/now ]", does: { exits: [ends(5, 0, { type: "fact", name: configMapFact("go") }), ends(5, 1)] } },
  crashesOnce: {
    text: `[ -e /keep/ran ] || { touch /keep/ran; sleep 2; exit 1; }; ${idle}`,
    does: { exits: [ends(2_000, 1, { type: "first-runs", count: 2 })] },
  },
  startsSlowly: { text: `sleep 4; touch /tmp/ok; ${idle}`, does: { startMs: 4_000, paths: ["/tmp/ok"] } },
  fillsDisk: {
    text: "[ -e /fill/now ] && dd if=/dev/zero of=/scratch/x bs=1M count=8; sleep 3600",
    does: { ...deaf, writes: { fact: configMapFact("fill"), volume: "scratch", bytes: 8 * MIB } },
  },
  oneGetsStuck: {
    text: `touch /tmp/ok; [ $(hostname) = store-1 ] && (sleep 25; rm /tmp/ok) & ${idle}`,
    does: { paths: ["/tmp/ok"], unready: [{ when: { type: "pod-fact", name: "stuck" }, statusCode: 500 }] },
  },
} satisfies Readonly<Record<string, Script>>;

/** The image of all scenes, in the simulator. */
export const BUSYBOX: ImageBehaviour = behaviour({
  pullMs: 0,
  startMs: 0,
  stopMs: 50,
  stopCode: 0,
  executables: ["sh", "echo", "sleep", "tail", "touch"],
  ports: [],
  paths: ["/bin"],
  memory: { baseBytes: MIB },
  scripts: Object.fromEntries(Object.values(SCRIPTS).map(({ text, does }) => [text, does])),
});
