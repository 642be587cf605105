/** `make schemathesis`: against the platform on a simulated cluster, without a real one; for as many seconds as the first argument says. */
import { simulatedPlatform } from "../../src/testing/simulated-platform.ts";
import { attack } from "./attack.ts";

const seconds = Number(process.argv[2] ?? "60");
const faults = ["image-not-found", "selector-mismatch", "bad-rollout", "missing-configmap"];
await using platform = await simulatedPlatform({ faults, policy: { rules: [] } });
await platform.reaches("awaiting");
const incidents = platform.opened.platform.engine.incidents().map(({ id }) => id);
// Its clock goes on meanwhile, so that commands are carried out and proposals expire.
const time = setInterval(() => void platform.pass(1_000), 100);
const { isClean, text } = await attack({ url: platform.url, token: platform.token, incidents, seconds });
clearInterval(time);
console.log(text);
if (!isClean) process.exitCode = 1;
