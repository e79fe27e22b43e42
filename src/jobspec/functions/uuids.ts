/** Functions that make UUIDs (RFC 4122). */
import { createHash } from "node:crypto";
import { define, wrong } from "./define.ts";
import type { CallSite, HclFunction } from "./define.ts";

export const UUIDS: readonly HclFunction[] = [
  define("uuidv4", {
    parameters: [],
    summary: "A UUID that depends on the file and the place of the call, not on chance: it stays while the file does.",
    example: 'length(split("-", uuidv4()))',
    call: (_, at) => formatted(createHash("sha256").update(`uuidv4 ${at.seed()}`).digest(), 4),
  }),
  define("uuidv5", {
    parameters: [
      { name: "namespace", wants: "string" },
      { name: "name", wants: "string" },
    ],
    summary: "The UUID of a name in a namespace: another UUID, or one of dns, url, oid and x500.",
    example: 'uuidv5("dns", "example.com")',
    call: ([namespace, name], at) =>
      formatted(createHash("sha1").update(namespaceBytes(namespace, at)).update(name).digest(), 5),
  }),
];

/** RFC 4122, appendix C. */
const NAMESPACES: ReadonlyMap<string, string> = new Map(
  ["dns", "url", "oid", undefined, "x500"].flatMap((name, index) =>
    name === undefined ? [] : [[name, `6ba7b81${index}9dad11d180b400c04fd430c8`] as const],
  ),
);

function namespaceBytes(namespace: string, at: CallSite): Uint8Array {
  const digits = NAMESPACES.get(namespace) ?? uuidDigits(namespace);
  if (digits !== undefined) return Buffer.from(digits, "hex");
  const detail = "Known are dns, url, oid, x500 and every UUID";
  throw wrong(at, 0, `uuidv5() has no namespace ${JSON.stringify(namespace)}`, detail);
}

/** Of a UUID that stands alone, in braces, after `urn:uuid:` or without its dashes. */
function uuidDigits(text: string): string | undefined {
  const plain = text.replace(/^urn:uuid:/i, "").replace(/^\{(.*)\}$/, "$1");
  if (/^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i.test(plain)) return plain.replaceAll("-", "");
  return /^[\da-f]{32}$/i.test(text) ? text : undefined;
}

function formatted(hash: Uint8Array, version: number): string {
  const bytes = Buffer.from(hash.subarray(0, 16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
