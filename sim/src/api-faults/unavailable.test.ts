import { describe, expect, test } from "vitest";
import { hurt } from "./testing/hurt.ts";
import { unavailable } from "./unavailable.ts";

describe("unavailable", () => {
  test("for a while nothing is answered, the view is stale and the Lease cannot be held; afterwards all is listed anew", async () => {
    const { connection, tryWrite, tryRead, replicas, wait, watch } = hurt(unavailable, 1);
    const seen = watch();
    let away = 0;
    for (let second = 0; second < 600; second += 1) {
      wait(1);
      if ((await tryRead()) === "ok") continue;
      away += 1;
      expect(await tryWrite(4)).toBe("unavailable");
      expect(replicas()).toBe(1);
      await expect(connection.lease.hold("store")).rejects.toMatchObject({ failure: { kind: "unavailable" } });
      const permission = { group: "", resource: "pods", subresource: "", verb: "delete", namespace: "", name: "" } as const;
      expect(await connection.port.review(permission)).toBe("unknown");
    }
    expect(away).toBeGreaterThan(3);
    wait(120);
    expect(seen).toContain("Pod stale");
    expect(seen.filter((one) => one.startsWith("Pod ")).at(-1)).toBe("Pod live");
    expect(await tryRead()).toBe("ok");
  });
});
