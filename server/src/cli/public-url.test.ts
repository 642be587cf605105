import { expect, it } from "vitest";
import { CliError } from "./exit.ts";
import { parsePublicUrl } from "./public-url.ts";

it("is scheme, name and port", () => {
  expect(parsePublicUrl("https://Kintsugi.example.org/")).toEqual({ origin: "https://kintsugi.example.org", host: "kintsugi.example.org" });
  expect(parsePublicUrl("http://ops:8443")).toEqual({ origin: "http://ops:8443", host: "ops" });
});

it("is nothing else", () => {
  for (const wrong of ["kintsugi.example.org", "ftp://x", "https://x/kintsugi", "https://ada:pw@x", "https://x?a=b", ""])
    expect(() => parsePublicUrl(wrong), wrong).toThrow(CliError);
});
