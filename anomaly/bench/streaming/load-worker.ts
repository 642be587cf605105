/** One core of a load: a bank of its own in a thread of its own. */
import { parentPort, workerData } from "node:worker_threads";
import { costOf, type Load } from "./load.ts";

parentPort?.postMessage(costOf(workerData as Load));
