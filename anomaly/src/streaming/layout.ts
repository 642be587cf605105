/**
 * Where the state of one series lies: 2,048 bytes in one piece, 32 lines of cache, so that a push to one of a million series waits for memory once.
 * Two views of the same bytes: times and raw values need 8 bytes, all else is relative to them and fits 4.
 */
import { HISTOGRAM_FIELDS } from "../calibration/decayed-histogram.ts";
import { AUTO_REGRESSION_FIELDS } from "./auto-regression.ts";
import { CUSUM_FIELDS } from "./cusum.ts";
import { DAY, type Profile, TRUST_FIELDS, WEEK } from "./seasonal-profile.ts";
import { SPREAD_FIELDS } from "./spread.ts";
import { TWO_TIMESCALE_FIELDS } from "./two-timescale.ts";

export const BYTES_PER_SERIES = 2048;
/** Numbers per series in the view of 8 bytes, and in that of 4. */
export const WIDE = BYTES_PER_SERIES / 8;
export const NARROW = BYTES_PER_SERIES / 4;

/** The detectors whose p-values are combined, in the order of their bits. */
export const MEMBERS = ["spike", "mean-shift", "variance-shift", "cusum", "seasonal", "auto-regression"] as const;
export type Member = (typeof MEMBERS)[number];
export const MEMBER_COUNT = MEMBERS.length;

// Offsets in the view of 8 bytes.
export const LAST_AT = 0;
export const LAST_RAW = 1;
export const FIRST_AT = 2;
export const LEVEL = 3;
export const MEDIAN = 4;

let next = 10;
const take = (fields: number): number => {
  const at = next;
  next += fields;
  return at;
};

// Offsets in the view of 4 bytes, after those.
export const KIND = take(1);
/** 1 once a sample was seen. */
export const STARTED = take(1);
/** Samples that were scored or learned from, counted up to about 2^24. */
export const ACCEPTED = take(1);
export const INTERVAL = take(1);
export const NOT_FINITE = take(1);
export const REPEATED = take(1);
export const RESETS = take(1);
export const CLOCK_STEPS = take(1);
export const GAPS = take(1);
/** What a score weighs in the histograms at present. */
export const WEIGHT = take(1);
export const SPREAD_OF_VALUE = take(SPREAD_FIELDS);
export const SPREAD_OF_RESIDUAL = take(SPREAD_FIELDS);
export const SPREAD_OF_INNOVATION = take(SPREAD_FIELDS);
export const MEANS = take(TWO_TIMESCALE_FIELDS);
export const DEVIATIONS = take(TWO_TIMESCALE_FIELDS);
export const CUSUM = take(CUSUM_FIELDS);
export const AUTO_REGRESSION = take(AUTO_REGRESSION_FIELDS);
/** Of the ensemble: one per member. */
export const MEMBER_WEIGHTS = take(MEMBER_COUNT);
/** One histogram per member, then one of the combination. */
export const HISTOGRAMS = take((MEMBER_COUNT + 1) * HISTOGRAM_FIELDS);
export const DAILY: Profile = { ...DAY, slots: take(DAY.count), trust: take(TRUST_FIELDS) };
export const WEEKLY: Profile = { ...WEEK, slots: take(WEEK.count), trust: take(TRUST_FIELDS) };

/** Numbers of 4 bytes that are in use. */
export const USED = next;
