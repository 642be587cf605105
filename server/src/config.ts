/** What the environment says. Only this file reads it; everything else is given what it needs. */
import { homedir, hostname } from "node:os";
import { delimiter, join } from "node:path";

export interface Config {
  /** Folder of the ledger, the token and the address of the running API. */
  readonly home: string;
  /** Address of the API for client commands, when it is not the local one. */
  readonly server: string | undefined;
  readonly tokenFile: string | undefined;
  /** Who is at the keyboard, for the ledger: a claim, as the token is shared. */
  readonly actor: string;
  readonly colours: boolean;
  /** Files named by KUBECONFIG, or the usual one. */
  readonly kubeconfigs: readonly string[];
  /** Address of the API server as a pod sees it; undefined outside a cluster. */
  readonly inCluster: { readonly host: string; readonly port: string } | undefined;
  /** The node that this process runs on, when the pod's manifest says so. */
  readonly ownNode: string | undefined;
  /** Unique to this process: holder of the Lease. */
  readonly identity: string;
  /** For credential plugins of a kubeconfig. */
  readonly environment: Readonly<{ [name: string]: string | undefined }>;
}

type Environment = Readonly<{ [name: string]: string | undefined }>;

/** `isTerminal`: whether people read what is printed. */
export function readConfig(environment: Environment = process.env, isTerminal: boolean = process.stdout.isTTY === true): Config {
  const home = environment["HOME"] ?? homedir();
  const state = environment["XDG_STATE_HOME"] ?? join(home, ".local", "state");
  const service = { host: environment["KUBERNETES_SERVICE_HOST"] ?? "", port: environment["KUBERNETES_SERVICE_PORT"] ?? "" };
  return {
    home: given(environment["KINTSUGI_HOME"]) ?? join(state, "kintsugi"),
    server: given(environment["KINTSUGI_SERVER"]),
    tokenFile: given(environment["KINTSUGI_TOKEN_FILE"]),
    actor: actorName(given(environment["KINTSUGI_ACTOR"]) ?? environment["USER"] ?? environment["LOGNAME"] ?? "cli"),
    colours: wantsColours(environment, isTerminal),
    kubeconfigs: (given(environment["KUBECONFIG"]) ?? join(home, ".kube", "config")).split(delimiter).filter((path) => path !== ""),
    inCluster: service.host === "" || service.port === "" ? undefined : service,
    ownNode: given(environment["KINTSUGI_NODE"]),
    identity: `${given(environment["HOSTNAME"]) ?? hostname()}-${process.pid}`,
    environment,
  };
}

function given(value: string | undefined): string | undefined {
  return value === undefined || value === "" ? undefined : value;
}

/** https://no-color.org: set and not empty means none. */
function wantsColours(environment: Environment, isTerminal: boolean): boolean {
  if (given(environment["NO_COLOR"]) !== undefined || environment["TERM"] === "dumb") return false;
  return given(environment["FORCE_COLOR"]) !== undefined || isTerminal;
}

/** Only what the API takes as a name. */
function actorName(name: string): string {
  const clean = name.replaceAll(/[^A-Za-z0-9._@:-]/g, "-").replace(/^[^A-Za-z0-9]+/, "");
  return clean === "" ? "cli" : clean.slice(0, 64);
}
