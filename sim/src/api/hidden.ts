/** Parts of real objects that the model does not carry but controllers need, kept by uid beside the store. */
import type { Job, PodTemplate } from "@kintsugi/core";

export interface BudgetSpec {
  /** A count, or a share such as `50%`. */
  readonly minAvailable?: number | string;
  readonly maxUnavailable?: number | string;
}

export interface CronSpec {
  readonly jobTemplate: {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    readonly spec: Omit<Job["spec"], "template"> & { readonly template: PodTemplate };
  };
  readonly concurrencyPolicy: "Allow" | "Forbid" | "Replace";
  readonly successfulJobsHistoryLimit: number;
  readonly failedJobsHistoryLimit: number;
}

export interface Hidden {
  readonly budget?: BudgetSpec;
  readonly cron?: CronSpec;
}
