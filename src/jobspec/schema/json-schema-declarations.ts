/** The `variable`, `variables` and `locals` keys of a YAML or JSON job file, as JSON Schemas. */
import type { JsonSchema } from "./json-schema-values.ts";

function described(description: string, schema: JsonSchema): JsonSchema {
  return { description, ...schema };
}

const VALIDATION: JsonSchema = {
  type: "object",
  properties: {
    "//": { description: "A comment." },
    condition: { description: "A template that comes to true where the value is right." },
    error_message: { description: "What is said otherwise: a whole sentence.", type: "string" },
  },
  required: ["condition", "error_message"],
  additionalProperties: false,
};

const VARIABLE: JsonSchema = {
  type: "object",
  properties: {
    "//": { description: "A comment." },
    type: described("Its type, as a string: string, number, bool, list(string), …", { type: "string" }),
    default: { description: "Its value where none is given." },
    description: described("What it is for.", { type: "string" }),
    sensitive: described("No message shows its value.", {
      anyOf: [{ type: "boolean" }, { enum: ["true", "false", "0", "1"] }],
    }),
    validation: described("What its value must be like.", {
      anyOf: [VALIDATION, { type: "array", items: VALIDATION }],
    }),
  },
  additionalProperties: false,
};

/** A block is a map, or several of them in a list. */
function blocks(map: JsonSchema): JsonSchema {
  return { anyOf: [map, { type: "array", items: map }] };
}

const VARIABLES: JsonSchema = { type: "object", additionalProperties: blocks(VARIABLE) };

/** By key. */
export const DECLARATION_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  variable: blocks(VARIABLES),
  variables: blocks({ type: "object" }),
  locals: blocks({ type: "object" }),
};
