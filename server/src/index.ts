/** The server as a library: an engine with its ledger, API and notifier, around any cluster that core's ports describe. */
export type { Ledger, LedgerHead, LedgerQuery } from "./adapters/ledger.ts";
export { openSqliteLedger, type SqliteOptions } from "./adapters/sqlite/store.ts";
export { systemClock } from "./adapters/system-clock.ts";
export { WebhookNotifier, type WebhookOptions } from "./adapters/webhook/webhook.ts";
export type { EngineFacade, EngineStatus, ObjectExplanation } from "./engine-facade.ts";
export { Metrics } from "./http/metrics.ts";
export { type Platform, type PlatformOptions, startPlatform } from "./platform.ts";
export { type Manifest, rbacManifests } from "./rbac.ts";
