import { expect, it } from "vitest";
import { parseListen } from "./listen.ts";

it.each([
  ["127.0.0.1:8080", "127.0.0.1", 8080, true],
  ["[::1]:9090", "::1", 9090, true],
  ["localhost:80", "localhost", 80, true],
  ["0.0.0.0:8080", "0.0.0.0", 8080, false],
  ["[::]:8080", "::", 8080, false],
  ["8081", "127.0.0.1", 8081, true],
  ["127.0.0.1:0", "127.0.0.1", 0, true],
])("reads %s", (text, host, port, isLoopback) => {
  expect(parseListen(text)).toEqual({ host, port, isLoopback });
});

it.each(["", "example.org:80", "127.0.0.1", "127.0.0.1:70000", "::1:80", "127.0.0.1:x"])("says what would be right instead of %j", (text) => {
  expect(() => parseListen(text)).toThrow("write for example");
});
