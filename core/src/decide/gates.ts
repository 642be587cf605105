/** What is allowed, in one list. Every gate answers every time, and every answer is kept. */
import type { Gate } from "./gate.ts";
import { acting } from "./gates/acting.ts";
import { aftermath } from "./gates/aftermath.ts";
import { approval } from "./gates/approval.ts";
import { attempts } from "./gates/attempts.ts";
import { clusterBudget } from "./gates/cluster-budget.ts";
import { concurrency } from "./gates/concurrency.ts";
import { confidence } from "./gates/confidence.ts";
import { conflict } from "./gates/conflict.ts";
import { cooldown } from "./gates/cooldown.ts";
import { dryRun } from "./gates/dry-run.ts";
import { fieldOwnership } from "./gates/field-ownership.ts";
import { humanChange } from "./gates/human-change.ts";
import { lastReadyPod } from "./gates/last-ready-pod.ts";
import { leadership } from "./gates/leadership.ts";
import { maintenance } from "./gates/maintenance.ts";
import { meant } from "./gates/meant.ts";
import { namespaceBudget } from "./gates/namespace-budget.ts";
import { nodeLimits } from "./gates/node-limits.ts";
import { offSwitch } from "./gates/off-switch.ts";
import { ownerBudget } from "./gates/owner-budget.ts";
import { ownership } from "./gates/ownership.ts";
import { pause } from "./gates/pause.ts";
import { permissions } from "./gates/permissions.ts";
import { policyMode } from "./gates/policy-mode.ts";
import { protectedTarget } from "./gates/protected-target.ts";
import { rival } from "./gates/rival.ts";
import { silence } from "./gates/silence.ts";
import { stillUnhealthy } from "./gates/still-unhealthy.ts";
import { storm } from "./gates/storm.ts";
import { upgrade } from "./gates/upgrade.ts";
import { veto } from "./gates/veto.ts";
import { viewFresh } from "./gates/view-fresh.ts";

export const GATES: readonly Gate[] = [
  // May anything be done at all, and can what is seen be trusted?
  acting,
  leadership,
  pause,
  viewFresh,
  // Is this allowed here?
  offSwitch,
  protectedTarget,
  policyMode,
  // Is it surely what is wrong?
  confidence,
  meant,
  // Is it ours to change?
  ownership,
  fieldOwnership,
  veto,
  humanChange,
  silence,
  // Is it the time?
  maintenance,
  upgrade,
  storm,
  // Is it too much?
  attempts,
  cooldown,
  ownerBudget,
  namespaceBudget,
  clusterBudget,
  concurrency,
  nodeLimits,
  lastReadyPod,
  // Is anything else in the way?
  conflict,
  rival,
  aftermath,
  stillUnhealthy,
  // Does the API server agree, and a person?
  permissions,
  dryRun,
  approval,
];
