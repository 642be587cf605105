/** How this engine is set up. Nothing secret, and what is not configured says why and how. */
import { z } from "zod";
import type { EngineStatus } from "../engine-facade.ts";
import { time } from "./shapes.ts";
import { NO_METRICS } from "./signals.ts";

export const Settings = z
  .object({
    version: z.string(),
    cluster: z.string(),
    startedAt: time,
    acting: z.object({ enabled: z.boolean(), state: z.enum(["read-only", "waiting", "leading"]), why: z.string(), paused: z.string().optional() }),
    authentication: z.object({ methods: z.array(z.string()), how: z.string().describe("how a person comes by a credential") }),
    policy: z.object({
      name: z.string(),
      hash: z.string(),
      mode: z.string(),
      file: z.string().optional().describe("the file that owns it; absent: it can be put through the API"),
    }),
    features: z.array(z.object({ feature: z.string(), configured: z.boolean(), why: z.string() })),
  })
  .meta({ id: "Settings" });
export type Settings = z.infer<typeof Settings>;

/** What the process was started with. */
export interface Configured {
  /** Ways in which callers prove who they are. */
  readonly methods: readonly string[];
  readonly how: string;
  readonly policyFile: string | undefined;
  readonly webhook: boolean;
  readonly models: number;
  readonly advisor: { readonly endpoint: string; readonly model: string } | undefined;
}

export function settings(status: EngineStatus, given: Configured): Settings {
  const { version, cluster, startedAt, authority, paused, policy } = status;
  return {
    ...{ version, cluster, startedAt },
    acting: {
      enabled: authority.type !== "read-only",
      state: authority.type,
      why: WHY_ACTING[authority.type](authority as { readonly reason?: string }),
      ...(paused === undefined ? {} : { paused }),
    },
    authentication: { methods: [...given.methods], how: given.how },
    policy: { ...policy, ...(given.policyFile === undefined ? {} : { file: given.policyFile }) },
    features: features(given),
  };
}

const WHY_ACTING: Readonly<Record<EngineStatus["authority"]["type"], (authority: { readonly reason?: string }) => string>> = {
  "read-only": () => "started without --act: nothing is written to the cluster",
  waiting: ({ reason = "" }) => `may act once it holds the Lease: ${reason}`,
  leading: () => "holds the Lease: what the policy permits, or a person approves, is carried out",
};

function features({ webhook, models, advisor }: Configured): Settings["features"] {
  const one = (feature: string, configured: boolean, why: string): Settings["features"][number] => ({ feature, configured, why });
  return [
    one("mcp", true, "at /mcp, and by `kintsugi mcp` over standard input and output"),
    one("metrics", false, NO_METRICS),
    one("models", models > 0, models > 0 ? `${models} named by --models` : "start with `serve --models FILE` to name some"),
    one(
      "advisor",
      advisor !== undefined,
      advisor === undefined ? "off by default; docs/advisor.md says how to configure one" : `${advisor.model} at ${advisor.endpoint}`,
    ),
    one("webhook", webhook, webhook ? "notices are posted" : "start with `serve --webhook URL` to be told of incidents"),
  ];
}
