/** Checks values against the schemas of an OpenAPI document. */
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

/** As it came over the wire. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
}

/** What is wrong with a value by the schema at this pointer of the document, as `["paths", "/a", ...]`; undefined when nothing is. */
export type SchemaCheck = (value: unknown, ...pointer: readonly string[]) => string | undefined;

export function schemaCheck(document: OpenApiDocument): SchemaCheck {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, "api");
  return (value, ...pointer) => {
    const reference = `api#/${pointer.map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/")}`;
    const validate = ajv.getSchema(reference);
    if (validate === undefined) return `the document has no ${reference}`;
    return validate(value) ? undefined : ajv.errorsText(validate.errors);
  };
}
