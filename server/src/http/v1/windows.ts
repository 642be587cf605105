/** How far back a question looks, as the contract writes it. */
import { z } from "zod";

/** `30d`, `12h`: whole hours or days, at most 90 days. */
export function window(byDefault: string) {
  return z
    .string()
    .regex(/^[1-9]\d{0,3}[hd]$/, "is not a window: write for example 24h, 7d or 30d")
    .refine((text) => hoursOf(text) <= 90 * 24, "is longer than 90d")
    .default(byDefault);
}

function hoursOf(text: string): number {
  return Number(text.slice(0, -1)) * (text.endsWith("d") ? 24 : 1);
}
