import { describe, expect, it } from "vitest";
import {
  holdsRedacted,
  holdsSecret,
  isSecretName,
  REDACTED_HOST,
  redactArguments,
  redactedValue,
  redactNamed,
  redactText,
  withoutUrlCredentials,
} from "./redact.ts";
import { sha256Hex } from "./sha256.ts";

describe("a variable's literal", () => {
  it.each([
    ...["DB_PASSWORD", "passwd", "ApiKey", "API_KEY", "SESSION_TOKEN", "client-secret", "PRIVATE_KEY", "AWS_CREDENTIALS", "AWS_ACCESS_KEY_ID"],
    ...["DB_PASS", "PGPASS", "dbPass", "MYSQL_PWD", "REDIS_AUTH", "DATABASE_DSN", "CONNECTION_STRING", "ConnectionStrings__Default", "SMTP_PASS_2"],
  ])("%s is replaced by a name for its value", (name) => {
    expect(redactNamed(name, "hunter2")).toBe(`redacted:sha256:${sha256Hex("hunter2").slice(0, 16)}`);
  });

  it.each([
    ["LOG_LEVEL", "debug"],
    ["KEY", "value"],
    ["URL", "https://example.org/a@b"],
    ["REPO", "ssh://git@example.org/x.git"],
    ["EMPTY_PASSWORD", ""],
    ["BYPASS", "10.0.0.0/8"],
    ["COMPASS", "north"],
    ["ENABLE_AUTH", "true"],
    ["DB_PASSWORD", "$(PASSWORD_OF_THE_DB)"],
    ["AUTHORS", "ann,bob"],
    ["IMAGE", "registry.test/cart:1.2@sha256:0123456789abcdef"],
    ["JAVA_OPTS", "-Xmx1g -Dpassword.file=/etc/x"],
  ])("%s=%s is kept", (name, value) => {
    expect(redactNamed(name, value)).toBe(value);
  });

  it.each(["postgres://app:pw@db:5432/x", "redis://:pw@cache", "https://token123@git.example.org/x", "amqp://u:p@ss@mq/"])(
    "%s is replaced whatever its name is",
    (value) => {
      expect(redactNamed("DATABASE", value).split("@")[0]).toBe(redactedValue(value));
    },
  );

  it.each([
    ["postgres://app:pw@db:5432/x", "db:5432"],
    ["redis://:pw@cache", "cache"],
    ["amqp://u:p@ss@mq.data.svc/", "mq.data.svc"],
    ["jdbc:mysql://u:p@db.data:3306/x?ssl=true", "db.data:3306"],
  ])("of %s nothing but the host stays", (value, host) => {
    const redacted = redactNamed("DATABASE", value);
    expect(redacted).toBe(`${redactedValue(value)}@${host}`);
    expect(REDACTED_HOST.test(redacted)).toBe(true);
    expect(redactNamed("DATABASE", redacted)).toBe(redacted);
    expect(holdsRedacted(redacted)).toBe(true);
  });

  it.each(["postgres://u:p@ss/w@rd@db/x", "mongodb://u:p@a:1,b:2/x", "redis://u:p@", "https://u:P@SSWORD/x", "https://u:p@h/x?next=a@b"])(
    "%s is replaced as a whole, since its host cannot be told from its password for certain",
    (value) => {
      expect(redactNamed("DATABASE", value)).toBe(redactedValue(value));
    },
  );

  it.each([
    ...["Server=db;User=sa;Password=hunter2;", "sa:hunter/2@tcp(db:3306)/x", "app:hunter2@db.shop:5432/x", '{"user":"sa","password":"hunter2"}'],
    ...["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc", "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----", "LS0tLS1CRUdJTiBSU0Eg"],
    ...["AKIAIOSFODNN7EXAMPLE", `ghp_${"a1".repeat(18)}`, "https://hooks.slack.com/services/T0/B0/abc", "https://x.blob.test/c?sv=1&sig=abcdef"],
    ...["-Djavax.net.ssl.trustStorePassword=changeit", "Endpoint=sb://x;SharedAccessKey=abc="],
  ])("%s is replaced whatever its name is", (value) => {
    expect(redactNamed("DATABASE", value)).toBe(redactedValue(value));
  });

  it("a secret's name hides the host too, unless it is an address's", () => {
    expect(redactNamed("DATABASE_DSN", "postgres://u:p@h/x")).toBe(`${redactedValue("postgres://u:p@h/x")}@h`);
    expect(redactNamed("CONNECTION_STRING", "host=h user=u")).toBe(redactedValue("host=h user=u"));
    expect(redactNamed("TOKEN_URL", "https://u:p@h/x")).toBe(redactedValue("https://u:p@h/x"));
  });

  it("the same value has the same name, another value another one, and a name stays itself", () => {
    expect(redactedValue("a")).toBe(redactedValue("a"));
    expect(redactedValue("a")).not.toBe(redactedValue("b"));
    expect(redactedValue(redactedValue("a"))).toBe(redactedValue("a"));
  });

  it("a name is a secret's or it is not", () => {
    expect(isSecretName("my_token")).toBe(true);
    expect(isSecretName("PATH")).toBe(false);
  });
});

it("arguments keep their flags and lose their secrets", () => {
  const args = [
    "serve",
    "--port=80",
    "--db-password=pw1",
    "--token",
    "pw2",
    "--verbose",
    "PASSWORD=pw3",
    "mysql://u:pw4@h/db",
    "--db=mysql://u:pw5@h/db",
    "--token-ttl=5m",
    "--secret-name=tls",
  ];
  const redacted = redactArguments(args);
  expect(redacted).toEqual([
    "serve",
    "--port=80",
    `--db-password=${redactedValue("pw1")}`,
    "--token",
    redactedValue("pw2"),
    "--verbose",
    `PASSWORD=${redactedValue("pw3")}`,
    `${redactedValue("mysql://u:pw4@h/db")}@h`,
    `--db=${redactedValue("mysql://u:pw5@h/db")}@h`,
    "--token-ttl=5m",
    "--secret-name=tls",
  ]);
});

it("a script that holds a secret is hidden whole, one that names a variable is not", () => {
  const script = "mysql --password=hunter2 -h db && curl -H 'Authorization: Bearer abcdefgh' x";
  expect(redactArguments(["sh", "-c", script])).toEqual(["sh", "-c", redactedValue(script)]);
  expect(redactArguments(["redis-cli --pass hunter2 ping"])).toEqual([redactedValue("redis-cli --pass hunter2 ping")]);
  for (const arg of [`mysql --password="\${DB_PASSWORD}" -h db`, "--db-password=$(DB_PASSWORD)", "--auth=true", "run --token-ttl=5m --secret-name=tls"]) {
    expect(redactArguments([arg])).toEqual([arg]);
  }
  expect(redactArguments(["--token", "$(TOKEN)"])).toEqual(["--token", "$(TOKEN)"]);
  // Nothing expands it here, so it is the password itself.
  expect(redactArguments(["--password=$ecret"])).toEqual([`--password=${redactedValue("$ecret")}`]);
});

it("URLs lose user and password and nothing else", () => {
  expect(withoutUrlCredentials("clone https://u:p@git/x and ftp://a:b@c")).toBe("clone https://git/x and ftp://c");
  expect(withoutUrlCredentials("mail a@b.org, see https://x/y?z=a/b@c")).toBe("mail a@b.org, see https://x/y?z=a/b@c");
  expect(holdsSecret("https://u:p@h")).toBe(true);
  // Asked twice: a stateful expression would forget every other time.
  expect(holdsSecret("https://u:p@h")).toBe(true);
  expect(holdsSecret("https://h")).toBe(false);
});

describe("free text", () => {
  it.each([
    ["Authorization: Bearer abcdef.ghi-jkl", "abcdef"],
    ["got eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJlIn0.c2lnbmF0dXJl back", "eyJhbGci"],
    ["-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----", "MIIEow"],
    ["-----BEGIN CERTIFICATE-----\nMIIDcut off", "MIIDcut"],
    ['connect failed: password="s3cr et" host=x', "s3cr"],
    ['{"apiKey": "k-123456"}', "k-123456"],
    ["postgres://app:hunter2@db/x refused", "hunter2"],
    ["MIIEow\nabc=\n-----END RSA PRIVATE KEY-----\nstarting", "MIIEow"],
    ['config {\\"password\\":\\"hunter2\\"}', "hunter2"],
    ["dial sa:hunter2@tcp(db:3306): refused", "hunter2"],
    ['password="cut off he', "cut off"],
    ["pass: hunter2,more;of&it", "more;of&it"],
  ])("%j keeps its secret to itself", (text, secret) => {
    expect(redactText(text)).not.toContain(secret);
    expect(redactText(text)).not.toBe(text);
  });

  it("what the kubelet says about missing things stays readable", () => {
    const texts = [
      'secret "db" not found',
      "couldn't find key PASSWORD in Secret shop/db",
      'configmap "app" not found',
      'MountVolume.SetUp failed for volume "db-token" : secret "db-token" not found',
      'MountVolume.SetUp failed for volume "auth" : references non-existent secret key: tls.key',
      'exec: "/bin/get-token": permission denied: unknown',
      'exec: "get-secret": executable file not found in $PATH: unknown',
      "failed to fetch oauth token: unexpected status from GET request to https://auth.test/token: 401 Unauthorized",
      "failed to fetch anonymous token: denied: basic authentication required",
    ];
    for (const text of texts) expect(redactText(text)).toBe(text);
  });

  it("takes hostile text in its stride", () => {
    const long = `${"a".repeat(50_000)}://${"b".repeat(50_000)}${"-----BEGIN ".repeat(2_000)}${"token".repeat(10_000)}${"a:".repeat(20_000)}${"--pass".repeat(10_000)}${"A=".repeat(20_000)}`;
    expect(redactText(long).length).toBeGreaterThan(0);
  });
});

it("a value that holds a redacted text anywhere is recognised", () => {
  expect(holdsRedacted({ a: [{ b: `--password=${redactedValue("x")}` }] })).toBe(true);
  expect(holdsRedacted({ a: [{ b: "plain" }, 3, null] })).toBe(false);
});
