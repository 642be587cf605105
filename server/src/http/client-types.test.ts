import { typesOf } from "@kintsugi/client/generate";
import { expect, it, onTestFinished } from "vitest";
import { apiUnderTest } from "./testing/api-under-test.ts";

/** `make client` runs this with `--update`, which writes the file. */
it("the types of the client are those of the document: `make client` makes them anew", async () => {
  const api = await apiUnderTest();
  onTestFinished(() => api.close());
  const { json } = await api.ask("GET", "/api/v2/openapi.json");
  await expect(await typesOf(json), "client/src/api.generated.ts is not what the API says: run `make client`").toMatchFileSnapshot(
    "../../../client/src/api.generated.ts",
  );
});
