/** Incidents as people read them in a terminal. */
import { type Incident, type Phase, refText, type Severity } from "@kintsugi/core";
import { planOf, type Section } from "../../answers/explain-incident.ts";
import { ageText, table } from "../output.ts";
import { type Colours, printable, type Terminal } from "../terminal.ts";

type Look = Pick<Terminal, "colours">;

export function phaseText(phase: Phase, { colours }: Look): string {
  return phaseColour(phase, colours)(phase);
}

export function phaseColour(phase: Phase, colours: Colours): (text: string) => string {
  switch (phase) {
    case "resolved":
      return colours.green;
    case "escalated":
      return colours.red;
    case "awaiting":
    case "held":
      return colours.yellow;
    case "acting":
    case "verifying":
    case "undoing":
      return colours.cyan;
    case "open":
    case "diagnosed":
      return (text) => text;
  }
}

function severityText(severity: Severity, { colours }: Look): string {
  return severity === "critical" || severity === "high" ? colours.red(severity) : severity;
}

/** One line each: what, how bad, how far, since when, and the plan or the cause. */
export function incidentTable(incidents: readonly Incident[], now: number, look: Look): string {
  if (incidents.length === 0) return "no incidents";
  const rows = incidents.map((raw) => {
    const incident = printable(raw);
    return [
      incident.id,
      phaseText(incident.phase, look),
      severityText(incident.severity, look),
      ageText(now - incident.openedAt),
      refText(incident.subject),
      incident.mode ?? "",
      summaryOf(incident),
    ];
  });
  return table(["ID", "PHASE", "SEVERITY", "AGE", "OBJECT", "MODE", "WHAT"], rows, look);
}

function summaryOf(incident: Incident): string {
  // The detail of what a person closed begins with that word.
  if (incident.phase === "resolved") return clip(incident.how === "closed" ? incident.detail : `${incident.how}: ${incident.detail}`);
  if (incident.phase === "held" || incident.phase === "escalated") return clip(incident.why);
  return clip(planOf(incident)?.summary ?? incident.title);
}

function clip(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** Sections with a heading each. */
export function sectionsText(sections: readonly Section[], { colours }: Look): string {
  return sections
    .map(
      ({ title, lines }) =>
        `${colours.bold(title)}\n${printable(lines)
          .map((line) => `  ${line}`)
          .join("\n")}`,
    )
    .join("\n\n");
}
