import fc from "fast-check";
import { expect, test } from "vitest";
import { applyPatch } from "../testing/apply-patch.ts";
import { diffJson, inverted, patchOf } from "./json-diff.ts";

test("only the changed field is tested and written", () => {
  const before = { containers: [{ name: "app", image: "a:2", args: ["x"] }] };
  const after = { containers: [{ name: "app", image: "a:1", args: ["x"] }] };
  expect(patchOf(diffJson(before, after, "/spec"))).toEqual([
    { op: "test", path: "/spec/containers/0/name", value: "app" },
    { op: "test", path: "/spec/containers/0/image", value: "a:2" },
    { op: "replace", path: "/spec/containers/0/image", value: "a:1" },
  ]);
});

test("a field that is new is tested for being absent", () => {
  expect(patchOf(diffJson({}, { a: 1 }, ""))).toEqual([
    { op: "test", path: "/a", value: null },
    { op: "add", path: "/a", value: 1 },
  ]);
});

test("a list whose items are other ones is replaced whole", () => {
  const { changes } = diffJson({ env: [{ name: "A", value: "1" }] }, { env: [{ name: "B", value: "1" }] }, "");
  expect(changes.map((change) => change.path)).toEqual(["/env"]);
});

test("what was added at a list's end is taken away from there, and its neighbours are left alone", () => {
  const kept = { name: "A", value: "1" };
  const added = [
    { name: "B", value: "2" },
    { name: "C", value: "3" },
  ];
  const difference = diffJson({ env: [kept, ...added] }, { env: [kept] }, "");
  expect(patchOf(difference)).toEqual([
    { op: "test", path: "/env/1", value: added[0] },
    { op: "test", path: "/env/2", value: added[1] },
    { op: "remove", path: "/env/2" },
    { op: "remove", path: "/env/1" },
  ]);
  expect(patchOf(inverted(difference))).toEqual([
    { op: "add", path: "/env/1", value: added[0] },
    { op: "add", path: "/env/2", value: added[1] },
  ]);
});

test("a list without names is replaced whole", () => {
  const { changes } = diffJson({ command: ["a", "b"] }, { command: ["a", "c"] }, "");
  expect(changes).toEqual([{ path: "/command", before: ["a", "b"], after: ["a", "c"] }]);
});

test("slashes and tildes in keys are escaped", () => {
  const [change] = diffJson({ "kintsugi.dev/a~b": 1 }, { "kintsugi.dev/a~b": 2 }, "/metadata/annotations").changes;
  expect(change?.path).toBe("/metadata/annotations/kintsugi.dev~1a~0b");
});

test("the patch leads from one value to the other and its inverse back", () => {
  const leaf = fc.oneof(fc.integer(), fc.string(), fc.boolean());
  const named = fc.uniqueArray(fc.record({ name: fc.constantFrom("a", "b", "c"), value: leaf }), { selector: (item) => item.name });
  const value = fc.dictionary(fc.constantFrom("x", "y/z", "w~"), fc.oneof(leaf, named, fc.array(leaf), fc.dictionary(fc.string(), leaf)));
  fc.assert(
    fc.property(value, value, (before, after) => {
      const [was, is] = [JSON.parse(JSON.stringify({ spec: before })), JSON.parse(JSON.stringify({ spec: after }))];
      const difference = diffJson(was.spec, is.spec, "/spec");
      const patched = applyPatch(was, patchOf(difference));
      expect(patched).toEqual(is);
      expect(applyPatch(patched, patchOf(inverted(difference)))).toEqual(was);
    }),
  );
});

test("a patch is refused where a changed field is no longer what it was", () => {
  const difference = diffJson({ image: "a:2" }, { image: "a:1" }, "");
  expect(() => applyPatch({ image: "a:3" }, patchOf(difference))).toThrow("test failed: /image");
});
