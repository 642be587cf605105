/** Incidents of a made call graph: what parameters are chosen on, as PetShop's issues are what is reported. */
import { createRandom, type Dependency, type Incident, type MetricSeries, type Random } from "../../src/index.ts";

export interface MadeIncident {
  readonly incident: Incident;
  readonly cause: string;
}

interface Service {
  readonly callees: readonly { readonly to: number; readonly share: number; readonly passesFailure: number }[];
  readonly latency: number;
  readonly wobble: number;
  readonly failing: number;
  /** How much slower it became by itself between the quiet time and the incident. */
  readonly drift: number;
}

interface Fault {
  readonly at: number;
  readonly slower: number;
  readonly failing: number;
}

interface Bucket {
  readonly latency: Float64Array;
  readonly good: Float64Array;
  readonly requests: Float64Array;
}

const QUIET = 300;
const DURING = 5;

/** Services in layers that add up the latency of those that they call and pass on some of their failures; one of them becomes slow or fails from the second of five samples on. */
export function madeIncident(seed: number, size = 20): MadeIncident {
  const random = createRandom(seed);
  for (;;) {
    const services = madeServices(random, size);
    const rate = 30 + random.below(400);
    const kind = random.next() < 0.5 ? "latency" : "availability";
    const cause = 1 + random.below(size - 1);
    const fault: Fault = {
      at: cause,
      slower:
        kind === "latency"
          ? (services[cause] as Service).latency * (1 + 20 * random.next())
          : (services[cause] as Service).latency * (random.next() < 0.3 ? random.next() : 0),
      failing: kind === "availability" ? 0.02 + 0.3 * random.next() : 0,
    };
    const length = 1 + random.below(3);
    const quiet = Array.from({ length: QUIET }, () => bucket(services, rate, random));
    // The first bucket is before it, the second holds its beginning.
    const during = Array.from({ length: DURING }, (_, index) => {
      const share = index === 0 || index > 1 + length ? 0 : index === 1 || index === 1 + length ? random.next() : 1;
      return bucket(services, rate, random, { ...fault, slower: fault.slower * share, failing: fault.failing * share });
    });
    const made = incidentOf(services, quiet, during, kind, random);
    // Whom hardly anybody calls was not it, however the first one looks.
    const asked = during.every(({ requests }) => (requests[cause] as number) >= 5);
    if (asked && isNoticed(made, kind)) return { incident: made, cause: nameOf(cause) };
  }
}

function nameOf(index: number): string {
  return `s${index}`;
}

function madeServices(random: Random, size: number): Service[] {
  return Array.from({ length: size }, (_, index) => {
    const later = size - index - 1;
    const wanted = index === 0 ? 3 + random.below(4) : random.below(4);
    const targets = new Set<number>();
    // Mostly near ones, so that there are chains.
    for (let edge = 0; edge < wanted && later > 0; edge++) targets.add(index + 1 + Math.floor(later * random.next() ** 2));
    return {
      callees: [...targets].map((to) => ({
        to,
        share: random.next() < 0.3 ? random.next() * 0.2 : 0.2 + random.next(),
        passesFailure: random.next() < 0.25 ? 0 : random.next(),
      })),
      latency: Math.exp(-4 + 1.5 * random.normal()),
      wobble: 0.1 + 0.5 * random.next(),
      failing: random.next() < 0.6 ? 0 : random.next() ** 4 * 0.02,
      drift: random.next() < 0.3 ? Math.exp(0.3 * random.normal()) : 1,
    };
  });
}

/** One bucket of five minutes. A service later in the list never calls an earlier one, so that one pass from the end knows each callee. */
function bucket(services: readonly Service[], rate: number, random: Random, fault?: Fault): Bucket {
  const size = services.length;
  const latency = new Float64Array(size);
  const bad = new Float64Array(size);
  const requests = new Float64Array(size);
  requests[0] = Math.max(0, Math.round(rate + Math.sqrt(rate) * random.normal()));
  services.forEach(({ callees }, index) => {
    for (const { to, share } of callees) {
      const mean = (requests[index] as number) * share;
      requests[to] = (requests[to] as number) + Math.max(0, Math.round(mean + Math.sqrt(mean * 0.5) * random.normal()));
    }
  });
  for (let index = size - 1; index >= 0; index--) {
    const service = services[index] as Service;
    const mine = fault?.at === index ? fault : undefined;
    const count = requests[index] as number;
    const heavy = random.next() < 0.02 ? 1 + 5 * random.next() : 1;
    const noise = 1 + (service.wobble * random.normal()) / Math.sqrt(Math.max(1, count));
    latency[index] = (service.latency * (fault === undefined ? 1 : service.drift) * heavy + (mine?.slower ?? 0)) * Math.max(0.2, noise);
    let fine = 1 - service.failing;
    fine *= 1 - (mine?.failing ?? 0);
    for (const { to, share, passesFailure } of service.callees) {
      if ((requests[to] as number) === 0) continue;
      latency[index] = (latency[index] as number) + share * (latency[to] as number);
      fine *= 1 - Math.min(1, share) * passesFailure * (bad[to] as number);
    }
    const failed = count * (1 - fine);
    const counted = count === 0 ? 0 : Math.max(0, Math.min(count, Math.round(failed + Math.sqrt(failed * fine) * random.normal())));
    bad[index] = count === 0 ? 0 : counted / count;
  }
  return { latency, good: bad.map((share) => 100 * (1 - share)), requests };
}

function incidentOf(services: readonly Service[], quiet: readonly Bucket[], during: readonly Bucket[], kind: string, random: Random): Incident {
  const series: MetricSeries[] = [];
  const dependencies: Dependency[] = [];
  const add = (node: string, index: number, blur: number): void => {
    const read = (pick: (bucket: Bucket) => Float64Array, always: boolean) => (each: Bucket) =>
      always || (each.requests[index] as number) > 0 ? (pick(each)[index] as number) * (always ? 1 : 1 + blur * random.normal()) : Number.NaN;
    const of = (metric: string, value: (bucket: Bucket) => number, rest: Partial<MetricSeries>): void => {
      series.push({ node, metric, before: Float64Array.from(quiet, value), during: Float64Array.from(during, value), ...rest });
    };
    of(
      "latency",
      read(({ latency }) => latency, false),
      { bad: "up" },
    );
    of("availability", (each) => Math.min(100, each.requests[index] === 0 ? Number.NaN : (each.good[index] as number)), { bad: "down" });
    of(
      "requests",
      read(({ requests }) => requests, true),
      { spread: "callees" },
    );
  };
  services.forEach(({ callees }, index) => {
    add(nameOf(index), index, 0);
    for (const { to } of callees) {
      // Some calls are seen as a node of their own, as a load balancer is, and what is behind it is not known.
      if (random.next() > 0.2) dependencies.push({ from: nameOf(index), to: nameOf(to) });
      else {
        add(`${nameOf(index)}-to-${nameOf(to)}`, to, 0.05);
        dependencies.push({ from: nameOf(index), to: `${nameOf(index)}-to-${nameOf(to)}` });
        if (random.next() < 0.5) dependencies.push({ from: nameOf(index), to: nameOf(to) });
      }
    }
  });
  const times = Float64Array.from({ length: DURING }, (_, index) => index);
  return { times, series, dependencies, symptom: { node: nameOf(0), metric: kind, at: 1 } };
}

/** Whether somebody would have called it an incident: the first service's metric is far from what it was. */
function isNoticed({ series }: Incident, kind: string): boolean {
  const first = series.find(({ node, metric }) => node === nameOf(0) && metric === kind);
  if (first === undefined) return false;
  const sorted = first.before.toSorted();
  const edge = sorted[Math.floor((kind === "latency" ? 0.995 : 0.005) * sorted.length)] as number;
  return first.during.filter((value) => (kind === "latency" ? value > edge * 1.2 : value < edge - 0.5)).length >= 1;
}
