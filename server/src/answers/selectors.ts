/** Label and field selectors as kubectl takes them, over objects that are in the view. */
import type { Pod } from "@kintsugi/core";

export type Selector<T> = { readonly ok: true; readonly matches: (item: T) => boolean } | { readonly ok: false; readonly why: string };

type Labels = Readonly<Record<string, string>>;

const KEY = "(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?";
const VALUE = "(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?";
const EQUALITY = new RegExp(`^(${KEY})\\s*(==|=|!=)\\s*(${VALUE})$`);
const SET = new RegExp(`^(${KEY})\\s+(in|notin)\\s+\\(\\s*(${VALUE}(?:\\s*,\\s*${VALUE})*)\\s*\\)$`);
const EXISTS = new RegExp(`^(!?)\\s*(${KEY})$`);

/** `app=cart,tier in (web,api),!canary`: every requirement must hold; an absent label is unequal to any value. An empty text selects everything. */
export function parseLabelSelector(text: string): Selector<Labels> {
  const tests: ((labels: Labels) => boolean)[] = [];
  for (const part of requirements(text)) {
    const test = requirement(part);
    if (test === undefined)
      return { ok: false, why: `${JSON.stringify(part)} is no requirement: write key=value, key!=value, key in (a,b), key notin (a,b), key or !key` };
    tests.push(test);
  }
  return { ok: true, matches: (labels) => tests.every((test) => test(labels)) };
}

/** Splits at commas outside of parentheses. */
function requirements(text: string): readonly string[] {
  return text.trim() === "" ? [] : text.split(/,(?![^()]*\))/).map((part) => part.trim());
}

function requirement(part: string): ((labels: Labels) => boolean) | undefined {
  const equality = EQUALITY.exec(part);
  if (equality !== null) {
    const [, key = "", operator, value = ""] = equality;
    return operator === "!=" ? (labels) => own(labels, key) !== value : (labels) => own(labels, key) === value;
  }
  const set = SET.exec(part);
  if (set !== null) {
    const [, key = "", operator, list = ""] = set;
    const values = new Set(list.split(",").map((value) => value.trim()));
    const isIn = (labels: Labels): boolean => {
      const value = own(labels, key);
      return value !== undefined && values.has(value);
    };
    return operator === "in" ? isIn : (labels) => !isIn(labels);
  }
  const exists = EXISTS.exec(part);
  if (exists === null) return undefined;
  const [, not, key = ""] = exists;
  return (labels) => (own(labels, key) !== undefined) === (not === "");
}

/** A label called `constructor` is one only where the object has it. */
function own(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/** Fields of pods that the API server takes in a field selector, as far as they are kept. */
const POD_FIELDS: Readonly<Record<string, (pod: Pod) => string>> = {
  "metadata.name": ({ metadata }) => metadata.name,
  "metadata.namespace": ({ metadata }) => metadata.namespace,
  "spec.nodeName": ({ spec }) => spec.nodeName ?? "",
  "spec.restartPolicy": ({ spec }) => spec.restartPolicy ?? "Always",
  "status.phase": ({ status }) => status.phase,
  "status.podIP": ({ status }) => status.podIP,
};

/** `status.phase=Running,spec.nodeName!=worker-1`. */
export function parsePodFieldSelector(text: string): Selector<Pod> {
  const tests: ((pod: Pod) => boolean)[] = [];
  for (const part of text
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "")) {
    const [, field = "", operator, value = ""] = /^([\w.]+)\s*(==|=|!=)\s*(\S*)$/.exec(part) ?? [];
    const read = Object.hasOwn(POD_FIELDS, field) ? POD_FIELDS[field] : undefined;
    if (read === undefined)
      return {
        ok: false,
        why: `${JSON.stringify(part)} is no requirement: write FIELD=VALUE or FIELD!=VALUE, FIELD being one of ${Object.keys(POD_FIELDS).join(", ")}`,
      };
    tests.push((pod) => (read(pod) === value) === (operator !== "!="));
  }
  return { ok: true, matches: (pod) => tests.every((test) => test(pod)) };
}
