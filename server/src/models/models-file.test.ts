import { describe, expect, it } from "vitest";
import { readModels } from "./models-file.ts";

const problems = (text: string): string => {
  const read = readModels(text);
  return read.ok ? "" : read.problems.join("\n");
};

describe("a file of models", () => {
  it("names folders and servers, in its order", () => {
    const read = readModels(`
models:
  - {name: checkout, folder: models/checkout-3}
  - name: anomaly-detector
    url: https://detector.ml.svc:8443/serving
    caFile: ca.crt
    tokenFile: token
  - {name: old, url: "http://old.ml.svc", protocol: v1, servedAs: model, timeout: 500ms}
`);
    expect(read).toMatchObject({
      ok: true,
      models: [
        { name: "checkout", folder: "models/checkout-3" },
        { name: "anomaly-detector", protocol: "v2", timeout: "5s" },
        { name: "old", protocol: "v1", servedAs: "model", timeout: "500ms" },
      ],
    });
  });

  it.each([
    ["nothing", "", "one list, `models:`"],
    ["no YAML", "models: [", "one list, `models:`"],
    ["an alias", "models: [&a {name: x, folder: y}, *a]", "one list, `models:`"],
    ["a model without a place", "models: [{name: x}]", "models.0.url: "],
    ["a name that is a path", "models: [{name: ../x, folder: y}]", "models.0.name: may hold"],
    ["the same name twice", "models: [{name: x, folder: y}, {name: x, folder: z}]", "models.1.name: x is there already"],
    ["both a folder and a server", 'models: [{name: x, folder: y, url: "http://z"}]', "models.0: "],
    ["another protocol", 'models: [{name: x, url: "ftp://z"}]', "models.0.url: is no address"],
    ["a password in the address", 'models: [{name: x, url: "https://u:hunter2@z"}]', "models.0.url: may hold no user or password"],
    ["a key in the query", 'models: [{name: x, url: "https://z/?key=hunter2"}]', "models.0.url: may hold no query"],
    ["a token that would go unencrypted", 'models: [{name: x, url: "http://z.ml.svc", tokenFile: t}]', "models.0.url: is not encrypted"],
    ["a name on its server that is a path", 'models: [{name: x, url: "http://z", servedAs: ".."}]', "models.0.servedAs: is no name"],
    ["a field that is misspelt", "models: [{name: x, folder: y, treshold: 1}]", "models.0: there is no field treshold here; write one of name, "],
    ["a threshold that is no number", "models: [{name: x, folder: y, threshold: .nan}]", "models.0.threshold: "],
    ["a timeout of a day", 'models: [{name: x, url: "http://z", timeout: 1d}]', "models.0.timeout: must be a duration"],
  ])("is refused with %s", (_, text, message) => {
    expect(problems(text)).toContain(message);
    expect(problems(text)).not.toContain("hunter2");
  });

  it("may send a token to this very machine without TLS", () => {
    for (const host of ["127.0.0.1:8080", "localhost", "[::1]"]) expect(problems(`models: [{name: x, url: "http://${host}", tokenFile: t}]`)).toBe("");
  });
});
