/** The pages and what they show are what the library does today. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { apiOf } from "./api-of.ts";
import { chartOf } from "./chart.ts";
import { SCENES } from "./scenes/index.ts";

const here = new URL("./", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, here), "utf8");
const pages = (): string[] => readdirSync(here).filter((name) => name.endsWith(".md"));

describe.each(SCENES.map((draw) => [draw.name, draw] as const))("the picture of %s", (_, draw) => {
  const scene = draw();
  it("is the one that the library draws today: else run make pictures", () => expect(read(`images/${scene.name}.svg`)).toBe(chartOf(scene)));
  it("is shown on a page", () => expect(pages().some((page) => read(page).includes(`images/${scene.name}.svg`))).toBe(true));
});

it("no picture is left of a scene that is gone", () => {
  const drawn = SCENES.map((draw) => `${draw().name}.svg`).sort();
  expect(readdirSync(new URL("images/", here)).sort()).toEqual(drawn);
});

it("the API page names what the library exports today: else run make pictures", () => {
  expect(existsSync(new URL("api.md", here)) && read("api.md")).toBe(apiOf(new URL("../src/index.ts", here)));
});

it("each export says what it is", () => {
  const silent = [...read("api.md").matchAll(/^### (\S+)\n\n```/gm)].map(([, name]) => name);
  expect(silent).toEqual([]);
  expect(read("api.md")).not.toMatch(/^### (\S+)\n\n\n/m);
});
