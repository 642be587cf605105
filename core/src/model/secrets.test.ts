/** Secrets of any spelling, wherever people put them: none is left in what the engine keeps, and what it reads out of messages is. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { missingInMessage } from "./config-reference.ts";
import { readQuota } from "./failed-create.ts";
import type { Deployment, Event, Pod } from "./kube.ts";
import { project } from "./project.ts";

const metadata = { name: "x", namespace: "shop", uid: "u1", resourceVersion: "7", creationTimestamp: "2026-01-01T00:00:00Z" };

/** Anything that can be typed. */
const anySecret = fc.stringMatching(/^[!-~]{6,40}$/);
/** What needs no quotes in a shell, a DSN or a log line. */
const plainSecret = fc.stringMatching(/^[A-Za-z0-9!#%*+.^_~][A-Za-z0-9!#%*+.^_~-]{7,40}$/);
const password = fc.constantFrom("password", "Passwd", "PASS", "pwd", "auth-token", "apiKey", "secret", "client_secret", "privateKey", "redis-auth");

/** `%s` stands for the secret, `%n` for the name that it goes by. */
const NAMED = ["%n=%s", "--%n=%s", "-Dapp.%n=%s", "run --%n=%s -v", "run --%n %s -v", "export %n='%s' && run", 'echo {"%n": "%s"}', "%n: %s"];
const SHAPED = [
  "postgres://app:%s@db:5432/shop",
  "https://%s@git.test/x",
  "sa:%s@tcp(db:3306)/shop",
  "app:%s@db.test/shop",
  "Server=db;User=sa;Password=%s;Encrypt=true",
  "curl -H 'Authorization: Bearer %s' https://x",
  "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----",
  "https://x.test/login?token=%s&next=/",
];

const written = fc
  .tuple(fc.constantFrom(...NAMED, ...SHAPED), password, plainSecret)
  .map(([form, name, secret]) => ({ secret, text: form.replace("%n", name).replace("%s", () => secret) }));

const kept = (kind: "Deployment" | "Pod" | "Event", fields: object) =>
  project({ kind, apiVersion: kind === "Deployment" ? "apps/v1" : "v1", metadata, ...fields });

it("a variable whose name says it, with any value", () => {
  const name = fc.constantFrom("DB_PASSWORD", "DB_PASS", "REDIS_AUTH", "MYSQL_PWD", "DATABASE_DSN", "CONNECTION_STRING", "apiKey", "JWT_SECRET", "TOKEN");
  fc.assert(
    fc.property(name, anySecret, (called, secret) => {
      const containers = [{ name: "app", image: "i", env: [{ name: called, value: secret }], args: ["--verbose", `--${called}=${secret}`] }];
      expect(JSON.stringify(kept("Pod", { spec: { containers } }))).not.toContain(JSON.stringify(secret).slice(1, -1));
    }),
  );
});

it("a variable, an argument, a script, a probe, a hook or an annotation whose text says it", () => {
  fc.assert(
    fc.property(written, ({ secret, text }) => {
      const container = {
        name: "app",
        image: "i",
        env: [{ name: "SETTING", value: text }],
        command: ["sh", "-c", text],
        args: [text],
        livenessProbe: { exec: { command: ["sh", "-c", text] } },
        readinessProbe: { httpGet: { port: 80, path: `/x?${text}`, httpHeaders: [{ name: "X-Setting", value: text }] } },
        lifecycle: { preStop: { exec: { command: [text] } } },
      };
      const annotations = { setting: text };
      const template = { metadata: { annotations }, spec: { containers: [container], initContainers: [container] } };
      const deployment = kept("Deployment", { metadata: { ...metadata, annotations }, spec: { template } }) as Deployment;
      expect(JSON.stringify(deployment)).not.toContain(secret);
      expect(deployment.spec.template.spec.containers[0]).toMatchObject({ name: "app", image: "i" });
    }),
  );
});

it("a termination message, a reason for waiting, a condition, an Event", () => {
  fc.assert(
    fc.property(written, fc.constantFrom("", "could not start: ", "Readiness probe failed: ", "2026-01-01 ERROR "), ({ secret, text }, before) => {
      const message = `${before}${text}\nbye`;
      const containerStatuses = [
        { name: "a", state: { waiting: { reason: "CrashLoopBackOff", message } }, lastState: { terminated: { reason: "Error", exitCode: 1, message } } },
      ];
      const conditions = [{ type: "Ready", status: "False", message }];
      expect(JSON.stringify(kept("Pod", { status: { message, containerStatuses, conditions } }))).not.toContain(secret);
      expect(JSON.stringify(kept("Event", { message, reason: "Unhealthy" }))).not.toContain(secret);
    }),
  );
});

/** Names of objects that sound like secrets, as they often do. */
const objectName = fc
  .array(fc.constantFrom("db", "token", "auth", "password", "pass", "secret", "credentials", "api-key", "cart", "v1"), { minLength: 1, maxLength: 4 })
  .map((words) => words.join("-"));

it("what is missing is still read out of the kubelet's words, whatever the objects are called", () => {
  const messages = [
    (name: string) => `secret "${name}" not found`,
    (name: string) => `MountVolume.SetUp failed for volume "${name}" : secret "${name}" not found`,
    (name: string) => `MountVolume.SetUp failed for volume "${name}" : configmap "${name}" not found`,
    (name: string, other: string) => `couldn't find key ${other} in Secret shop/${name}`,
    (name: string, other: string) => `couldn't find key ${other} in ConfigMap shop/${name}`,
  ];
  fc.assert(
    fc.property(fc.constantFrom(...messages), objectName, objectName, (say, name, other) => {
      const message = say(name, other);
      const containerStatuses = [{ name: "a", state: { waiting: { reason: "CreateContainerConfigError", message } } }];
      const pod = kept("Pod", { status: { containerStatuses } }) as Pod;
      const event = kept("Event", { message }) as Event;
      const expected = missingInMessage(message);
      expect(expected?.name).toBe(name);
      expect(missingInMessage(event.message)).toEqual(expected);
      expect(missingInMessage(pod.status.containerStatuses[0]?.state.waiting?.message ?? "")).toEqual(expected);
    }),
  );
});

it("so is what a quota refused", () => {
  fc.assert(
    fc.property(objectName, objectName, (name, quota) => {
      const amounts = "requested: count/secrets=1,limits.memory=256Mi, used: count/secrets=9,limits.memory=1Gi, limited: count/secrets=9,limits.memory=1Gi";
      const message = `pods "${name}" is forbidden: exceeded quota: ${quota}, ${amounts}`;
      const deployment = kept("Deployment", { status: { conditions: [{ type: "ReplicaFailure", status: "True", message }] } }) as Deployment;
      const said = readQuota(deployment.status.conditions[0]?.message ?? "");
      expect(said).toEqual(readQuota(message));
      expect(said.quota).toBe(quota);
    }),
  );
});
