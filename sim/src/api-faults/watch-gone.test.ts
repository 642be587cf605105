import { describe, expect, test } from "vitest";
import { hurt } from "./testing/hurt.ts";
import { watchGone } from "./watch-gone.ts";

describe("watch gone", () => {
  test("each kind that is too old is listed again in the same moment", () => {
    const { wait, watch } = hurt(watchGone, 1);
    const seen = watch();
    wait(700);
    const at = seen.findIndex((one) => one.endsWith(" stale"));
    const kind = seen[at]?.split(" ")[0];
    expect(at).toBeGreaterThan(0);
    expect(seen.slice(at, at + 3)).toEqual([`${kind} stale`, `${kind} listed`, `${kind} live`]);
  });
});
