/** Measured over simulator seeds kept apart from the tests. Generated: do not edit. */
import type { ConfidenceTable } from "./confidence-table.ts";

export const CONFIDENCE: ConfidenceTable = { seeds: "", date: "", entries: {} };
