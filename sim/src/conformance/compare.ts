/**
 * Holds what the simulator told of a scene against what real clusters told of it. The rule, for the objects of each role:
 *
 * - What every object showed in every recording, each must show in the simulator; and it shows nothing that no recording holds.
 * - Of two facts of one object, one came before the other, or one version was the first to show both. The simulator's order of them must be one
 *   that some recording holds. So a race is whatever came out both ways on a real cluster, and nothing else.
 *
 * What is left beside this is a difference, in words: `trouble · Pod: never restarted`.
 */
import type { Recording } from "./recording.ts";
import type { Told } from "./story.ts";

export function differences(real: Recording, played: Recording): readonly string[] {
  const chapters = ["start", "trouble"] as const;
  return chapters.flatMap((chapter) => compareChapter(real[chapter] ?? {}, played[chapter] ?? {}).map((text) => `${chapter} · ${text}`));
}

function compareChapter(real: Told, played: Told): readonly string[] {
  const roles = [...new Set([...Object.keys(real), ...Object.keys(played)])].toSorted();
  return roles.flatMap((role) => {
    const [known, seen] = [real[role], played[role]];
    if (known === undefined) return [`${role}: not on a real cluster`];
    if (seen === undefined) return [`${role}: not in the simulator`];
    const courses = known.map(parse);
    return [...new Set(seen.flatMap((course) => compareCourse(courses, parse(course))))].toSorted().map((text) => `${role}: ${text}`);
  });
}

/** Facts, each with the number of the step in which it first showed. */
type Course = ReadonlyMap<string, number>;

function parse(course: string): Course {
  return new Map(course.split(" > ").flatMap((step, index) => step.split(" & ").map((fact): [string, number] => [fact, index])));
}

function compareCourse(known: readonly Course[], seen: Course): readonly string[] {
  const facts = new Set(known.flatMap((course) => [...course.keys()]));
  const missing = [...facts].filter((fact) => known.every((course) => course.has(fact)) && !seen.has(fact));
  const extra = [...seen.keys()].filter((fact) => !facts.has(fact));
  const shared = [...seen.keys()].filter((fact) => facts.has(fact));
  const pairs = shared.flatMap((a, index) => shared.slice(index + 1).map((b) => [a, b] as const));
  const turned = pairs.filter(([a, b]) => {
    const orders = known.filter((course) => course.has(a) && course.has(b)).map((course) => orderOf(course, a, b));
    return orders.length > 0 && !orders.includes(orderOf(seen, a, b));
  });
  return [
    ...missing.map((fact) => `never ${fact}`),
    ...extra.map((fact) => `${fact}, never on a real cluster`),
    ...turned.map(([a, b]) => orderText(seen, a, b)),
  ];
}

function orderOf(course: Course, a: string, b: string): number {
  return Math.sign((course.get(a) ?? 0) - (course.get(b) ?? 0));
}

function orderText(course: Course, a: string, b: string): string {
  const words = orderOf(course, a, b) === 0 ? "with" : "before";
  return `${a} ${words} ${b}`;
}
