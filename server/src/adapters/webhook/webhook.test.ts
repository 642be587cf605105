import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Notice } from "@kintsugi/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { signature, WebhookNotifier, type WebhookOptions } from "./webhook.ts";

interface Got {
  readonly body: string;
  readonly headers: IncomingMessage["headers"];
}

let server: Server;
let got: Got[];
let answers: (number | "hang")[];
let lost: string[];
let open: WebhookNotifier[];

beforeEach(async () => {
  got = [];
  answers = [];
  lost = [];
  open = [];
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      got.push({ body, headers: request.headers });
      const answer = answers.shift() ?? 200;
      if (answer === "hang") return;
      response.writeHead(answer, answer === 302 ? { location: "http://127.0.0.1:1/" } : {}).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  for (const notifier of open) await notifier.close(0);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function notifier(options: Partial<WebhookOptions> = {}): WebhookNotifier {
  const { port } = server.address() as AddressInfo;
  const url = new URL(`http://127.0.0.1:${port}/hook/secret-path`);
  const made = new WebhookNotifier({ url, firstPauseMs: 5, onLost: (notice, why) => lost.push(`${notice.incident}: ${why}`), ...options });
  open.push(made);
  return made;
}
function notice(incident: string): Notice {
  return { incident, phase: "escalated", severity: "high", title: "shop/cart", text: "needs a person", at: Date.parse("2026-01-05T10:00:00Z") };
}

it("posts each notice once, in order, and signs it when it has a secret", async () => {
  const hook = notifier({ secret: "s3cret" });
  await hook.notify(notice("inc-1"));
  await hook.notify(notice("inc-2"));
  await hook.close(5_000);
  expect(got.map((request) => JSON.parse(request.body).incident)).toEqual(["inc-1", "inc-2"]);
  expect(got[0]?.headers["x-kintsugi-signature"]).toBe(signature("s3cret", "2026-01-05T10:00:00.000Z", got[0]?.body ?? ""));
  expect(lost).toEqual([]);
});

it("tries again after errors that may pass", async () => {
  answers = [503, 429, 200];
  const hook = notifier();
  await hook.notify(notice("inc-1"));
  await hook.close(5_000);
  expect(got).toHaveLength(3);
  expect(lost).toEqual([]);
});

it("gives up after its attempts and says so", async () => {
  answers = [500, 500, 500];
  const hook = notifier({ attempts: 3 });
  await hook.notify(notice("inc-1"));
  await hook.close(5_000);
  expect(got).toHaveLength(3);
  expect(lost).toEqual(["inc-1: the receiver answered 500 (3 attempts)"]);
});

it.each([[404], [401]])("does not repeat what the receiver will never take (%i)", async (status) => {
  answers = [status];
  const hook = notifier();
  await hook.notify(notice("inc-1"));
  await hook.close(5_000);
  expect(got).toHaveLength(1);
  expect(lost).toEqual([`inc-1: the receiver answered ${status}`]);
});

it("does not follow a redirect", async () => {
  answers = [302];
  const hook = notifier({ attempts: 1 });
  await hook.notify(notice("inc-1"));
  await hook.close(5_000);
  expect(lost).toHaveLength(1);
});

it("gives a receiver that hangs a bounded time and never holds up the caller", async () => {
  answers = ["hang", 200];
  const hook = notifier({ timeoutMs: 50 });
  await hook.notify(notice("inc-1"));
  expect(got).toHaveLength(0);
  await hook.close(5_000);
  expect(got).toHaveLength(2);
});

it("drops the oldest notice when too many wait, and reports it", async () => {
  answers = ["hang"];
  const hook = notifier({ queueLength: 2, timeoutMs: 60_000 });
  for (const id of ["inc-1", "inc-2", "inc-3", "inc-4"]) await hook.notify(notice(id));
  expect(lost).toEqual(["inc-2: too many notices are waiting"]);
});

it("reports what is still waiting when it is closed, without the secret in its URL", async () => {
  answers = ["hang"];
  const hook = notifier({ timeoutMs: 60_000 });
  await hook.notify(notice("inc-1"));
  await hook.notify(notice("inc-2"));
  await hook.close(20);
  expect(lost.map((line) => line.split(":")[0])).toEqual(["inc-1", "inc-2"]);
  expect(lost.join()).not.toContain("secret-path");
});
