import { describe, expect, test } from "vitest";
import { outage } from "./outage.ts";
import { hurt } from "./testing/hurt.ts";

describe("outage", () => {
  test("once, for more than ten minutes, nothing is answered and nothing is seen; afterwards all is listed anew", async () => {
    const { tryRead, tryWrite, wait, watch } = hurt(outage, 1, 60);
    const seen = watch();
    const away: number[] = [];
    for (let second = 0; second < 3_600; second += 5) {
      wait(5);
      if ((await tryRead()) === "ok") continue;
      away.push(second);
      expect(await tryWrite(4)).toBe("unavailable");
    }
    const [first = 0, last = 0] = [away[0], away.at(-1)];
    expect(last - first).toBeGreaterThan(600);
    expect(away.length).toBe((last - first) / 5 + 1);
    wait(10);
    expect(seen.filter((one) => one.startsWith("Pod "))).toEqual(["Pod listed", "Pod live", "Pod stale", "Pod listed", "Pod live"]);
  });

  test("does not begin where it would outlast the trouble", async () => {
    const { tryRead, wait } = hurt(outage, 1, 10);
    for (let minute = 0; minute < 30; minute += 1) {
      wait(60);
      expect(await tryRead()).toBe("ok");
    }
  });
});
