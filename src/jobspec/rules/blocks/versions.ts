/** What can stand after the operators `version` and `semver` of constraints and affinities. */

const LABELS = String.raw`[0-9A-Za-z~-]+(?:\.[0-9A-Za-z~-]+)*`;
const NUMBERS = String.raw`v?\d+(?:\.\d+)*`;
const BUILD = String.raw`(?:\+${LABELS})?\??`;
/** HashiCorp's versions take "1.2beta" for "1.2-beta"; Semantic Versioning 2.0 does not. */
const VERSION = String.raw`${NUMBERS}(?:-${LABELS}|[A-Za-z~-]${"[0-9A-Za-z~-]*"}(?:\.[0-9A-Za-z~-]+)*)?${BUILD}`;
const SEMVER = String.raw`${NUMBERS}(?:-${LABELS})?${BUILD}`;

const FORMS = {
  version: new RegExp(String.raw`^\s*(?:=|!=|>=?|<=?|~>|)\s*${VERSION}\s*$`),
  semver: new RegExp(String.raw`^\s*(?:=|!=|>=?|<=?|)\s*${SEMVER}\s*$`),
} as const;

/** The first of the conditions between commas that is none. */
export function wrongCondition(kind: keyof typeof FORMS, text: string): string | undefined {
  return text.split(",").find((condition) => !FORMS[kind].test(condition));
}
