import { describe, expect, it } from "vitest";
import { hierarchiesIn } from "./cgroups.ts";
import { mountsBelow } from "./mounts.ts";
import { missingCapabilities } from "./preflight.ts";

describe("cgroup hierarchies", () => {
  const unified = "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0";
  const v1 = "cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0\ncgroup /sys/fs/cgroup/pids cgroup rw,pids 0 0";

  it.each([
    ["only the unified one", unified, ["/sys/fs/cgroup"], ["/sys/fs/cgroup"]],
    [
      "v1 with a unified one beside",
      `${v1}\ncgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0`,
      ["/sys/fs/cgroup/cpu", "/sys/fs/cgroup/pids"],
      ["/sys/fs/cgroup/cpu", "/sys/fs/cgroup/pids", "/sys/fs/cgroup/unified"],
    ],
    ["none", "proc /proc proc rw 0 0", [], []],
  ])("%s", (_, mounts, used, all) => {
    expect(hierarchiesIn(mounts)).toEqual({ used, all });
  });
});

describe("mounts of a cluster", () => {
  it("are listed deepest first, without those of a cluster whose name begins alike", () => {
    const mounts = ["/s/dev", "/s/dev/a/b", "/s/dev2/a", "/s/dev/with\\040space", "/"].map((path) => `x ${path} tmpfs rw 0 0`).join("\n");
    expect(mountsBelow("/s/dev", mounts)).toEqual(["/s/dev/with space", "/s/dev/a/b", "/s/dev"]);
  });
});

describe("capabilities", () => {
  it.each([
    ["root with everything but CAP_SYS_RESOURCE", "000001fffeffffff", []],
    ["root of a plain container", "00000000a80425fb", ["CAP_NET_ADMIN", "CAP_SYS_PTRACE", "CAP_SYS_ADMIN"]],
    ["a user", "0000000000000000", ["CAP_NET_ADMIN", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_ADMIN", "CAP_MKNOD"]],
  ])("of %s", (_, effective, missing) => {
    expect(missingCapabilities(`Name:\tnode\nCapEff:\t${effective}\nCapBnd:\t0\n`)).toEqual(missing);
  });
});
