/** Names that follow from what they name: UUIDv5 (RFC 9562 §5.5), canonical JSON and short hashes. */
import { createHash } from "node:crypto";

const NAMESPACE = "8f4c9f0e-6f0f-5a3b-9c55-6d1f0f2b7a11";

/** UUIDv5 of the parts, joined so that no two different lists of parts can collide. */
export function uuidOf(...parts: readonly (string | number)[]): string {
  const hash = createHash("sha1")
    .update(Buffer.from(NAMESPACE.replaceAll("-", ""), "hex"))
    .update(JSON.stringify(parts))
    .digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}

/** JSON with object keys sorted and `undefined` left out: equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner === null || typeof inner !== "object" || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** The first `length` hex digits of SHA-256 over the canonical JSON of a value. */
export function hashOf(value: unknown, length = 12): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex").slice(0, length);
}

/** What one allocation is made of; the same parts always give the same id. */
export interface AllocIdentity {
  readonly instance: string;
  readonly node: string;
  readonly job: string;
  readonly group: string;
  readonly index: number;
  readonly revision: string;
  readonly attempt: number;
}

/** Computed only when a new allocation is made; afterwards the id is read from labels. */
export function allocId(of: AllocIdentity): string {
  return uuidOf("alloc", of.instance, of.node, of.job, of.group, of.index, of.revision, of.attempt);
}

/** The accessor of a service's token: known before the token exists, so a crash between mint and use leaves nothing unknown. */
export function tokenAccessor(alloc: string, service: string, generation: number): string {
  return uuidOf("token", alloc, service, generation);
}
