/** Version of this program, as its package says. */
import { readFileSync } from "node:fs";

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { readonly version: string };

export const VERSION = manifest.version;

/** Minor versions of Kubernetes on which the stories of test-cluster ran. Others work as far as is known, untested. */
export const TESTED_KUBERNETES: readonly string[] = ["1.34", "1.37"];
