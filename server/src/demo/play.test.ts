import { FAULTS } from "@kintsugi/sim";
import { expect, it } from "vitest";
import { Play } from "./play.ts";

const MINUTE = 60_000;
const nobody = async (): Promise<void> => undefined;
const faults = (...ids: readonly string[]) => FAULTS.filter(({ id }) => ids.includes(id)).toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));

it("begins with a dozen nodes and a shop in which all is well", () => {
  const { nodes, apps } = new Play({ seed: "story", faults: [], endless: false, everyMs: MINUTE }).world();
  expect(nodes.ready).toBe(nodes.total);
  expect(nodes.total).toBeGreaterThanOrEqual(12);
  expect(apps.filter(({ ready, wanted }) => ready < wanted)).toEqual([]);
});

it("plays its faults in order, one each interval, and knows that nobody has mended them", async () => {
  const play = new Play({ seed: "story", faults: faults("image-not-found", "scaled-to-zero"), endless: false, everyMs: 3 * MINUTE });
  const began = play.now;
  play.begin();
  expect(play.nextFaultAt).toBe(began + 3 * MINUTE);
  await play.advance(began + 20 * MINUTE, nobody);
  expect(play.parts.map(({ fault, at }) => [fault.id, (at - began) / MINUTE])).toEqual([
    ["image-not-found", 3],
    ["scaled-to-zero", 6],
  ]);
  expect(play.nextFaultAt).toBeUndefined();
  expect(play.isOver).toBe(false);
  const { faults: shown, apps } = play.world();
  expect(shown.map(({ isOver }) => isOver)).toEqual([false, false]);
  expect(apps.some(({ ready }) => ready === 0)).toBe(true);
});

it("is over once what can be mended is mended", async () => {
  const play = new Play({ seed: "story", faults: faults("scaled-to-zero"), endless: false, everyMs: MINUTE });
  play.begin();
  await play.advance(play.now + 2 * MINUTE, nobody);
  const { subject } = play.parts[0]!.injection;
  const object = play.cluster.world.store.find(subject)!;
  await play.connection.port.apply(
    { verb: "patch", target: { ...subject, uid: object.metadata.uid }, patch: [{ op: "replace", path: "/spec/replicas", value: 2 }] },
    { dryRun: false },
  );
  await play.advance(play.now + 10 * MINUTE, nobody);
  expect(play.isOver).toBe(true);
});

it("goes on for ever when asked to, with what is well again", async () => {
  const play = new Play({ seed: "story", faults: faults("crash-loop-passing"), endless: true, everyMs: 10 * MINUTE });
  play.begin();
  await play.advance(play.now + 300 * MINUTE, nobody);
  expect(play.parts.length).toBeGreaterThan(20);
});

it("tells the same story for the same seed", async () => {
  const tell = async (seed: string) => {
    const play = new Play({ seed, faults: faults("image-not-found", "selector-mismatch", "bad-rollout"), endless: false, everyMs: MINUTE });
    play.begin();
    await play.advance(play.now + 10 * MINUTE, nobody);
    return play.world();
  };
  expect(await tell("a")).toEqual(await tell("a"));
});
