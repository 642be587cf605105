import { describe, expect, it } from "vitest";
import { InputError } from "../input-error.ts";
import { checkFed, checkSchema, type Feature, type FeatureSchema } from "./feature-schema.ts";

const cpu: Feature = { name: "cpu", unit: "cores", promql: "cpu_query", kind: "gauge" };
const errors: Feature = { name: "errors", unit: "errors/s", promql: "errors_query", kind: "counter" };
const memory: Feature = { name: "memory", unit: "bytes", promql: "memory_query", kind: "gauge" };
const schema: FeatureSchema = { features: [cpu, errors, memory], step: 60_000, window: 1 };

const fed = (...features: Feature[]): FeatureSchema => ({ ...schema, features });

it("the same schema is fed", () => expect(checkFed(schema, structuredClone(schema))).toBeUndefined());

describe("refuses by name", () => {
  it.each<[string, FeatureSchema, string]>([
    ["a feature that is missing", fed(cpu, memory), 'the model\'s feature "errors" is not fed'],
    ["one that was renamed", fed({ ...cpu, name: "cpu_usage" }, errors, memory), 'the model\'s feature "cpu" is fed as "cpu_usage"'],
    ["one too many", fed(cpu, errors, memory, { ...cpu, name: "disk" }), '"disk" is fed, the model has no such feature'],
    ["another order", fed(errors, cpu, memory), 'the model\'s feature "cpu" is entry 0, it is fed as entry 1'],
    ["another unit", fed(cpu, errors, { ...memory, unit: "MiB" }), 'the unit of "memory" is MiB, the model was trained on bytes'],
    ["a counter that became a gauge", fed(cpu, { ...errors, kind: "gauge" }, memory), 'the kind of "errors" is gauge, the model was trained on counter'],
    ["another query", fed({ ...cpu, promql: "other" }, errors, memory), 'the promql of "cpu" is other, the model was trained on cpu_query'],
    ["another step", { ...schema, step: 15_000 }, "rows are 15000 ms apart, the model was trained on rows 60000 ms apart"],
    ["another window", { ...schema, window: 30 }, "windows have 30 rows, the model was trained on windows of 1"],
  ])("%s", (_, other, message) => {
    expect(() => checkFed(schema, other)).toThrow(InputError);
    expect(() => checkFed(schema, other)).toThrow(message);
  });
});

describe("a schema that contradicts itself is refused", () => {
  it.each<[string, FeatureSchema, string]>([
    ["without a feature", fed(), "the schema names no feature"],
    ["with one name twice", fed(cpu, cpu), 'names the feature "cpu" twice'],
    ["without a step", { ...schema, step: 0 }, "the step is 0"],
    ["with half a row", { ...schema, window: 0.5 }, "the window is 0.5"],
    ["with a counter that is no rate", fed({ ...errors, unit: "errors" }), '"errors" is a counter in "errors"'],
  ])("%s", (_, wrong, message) => expect(() => checkSchema(wrong)).toThrow(message));
});
