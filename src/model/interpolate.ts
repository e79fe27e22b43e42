/** Run-time interpolation of `${NOMAD_…}`, `${env["…"]}`, `${node.…}`, `${attr.…}`, `${meta.…}` (Nomad's generic rule). */

const REFERENCE = /\$\{\s*(?:env\[\s*"([^"]+)"\s*\]|([A-Za-z0-9_.-]+))\s*\}/g;

/** Replaces what the values know; an unknown reference stays as it is written, as Nomad leaves it. */
export function interpolate(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(REFERENCE, (whole: string, quoted: string | undefined, bare: string | undefined) => {
    return values.get(quoted ?? bare ?? "") ?? whole;
  });
}

/** The same text with its references written one way: spaces inside the braces mean nothing. */
export function normalised(text: string): string {
  return text.replaceAll(REFERENCE, (_whole: string, quoted: string | undefined, bare: string | undefined) => {
    return quoted === undefined ? `\${${bare ?? ""}}` : `\${env["${quoted}"]}`;
  });
}

/** The names that a text refers to, as they are written. */
export function referencesIn(text: string): readonly string[] {
  return [...text.matchAll(REFERENCE)].map(([, quoted, bare]) => quoted ?? bare ?? "");
}

/** The same for every value of a record (keys too, as Nomad does for meta). */
export function interpolateRecord(
  record: Readonly<Record<string, string>>,
  values: ReadonlyMap<string, string>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [interpolate(key, values), interpolate(value, values)]),
  );
}

/** A name as it may stand in an environment variable: Nomad keeps letters, digits (not first), `_` and `.`. */
export function cleanEnvName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_.]/g, "_").replace(/^[0-9]/, "_");
}
