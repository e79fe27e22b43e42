/** Bytes as Base64 and as text. */
import { wrong } from "./define.ts";
import type { CallSite } from "./define.ts";

/** Line ends may stand anywhere in it. undefined: it is no Base64. */
export function base64Bytes(text: string): Uint8Array | undefined {
  const plain = text.replaceAll(/[\r\n]/g, "");
  const good = plain.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(plain);
  return good ? Buffer.from(plain, "base64") : undefined;
}

/** undefined: they are not UTF-8. */
export function utf8(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes).toString("utf8");
  return Buffer.from(text).equals(bytes) ? text : undefined;
}

/** Throws SourceError. */
export function refuseBytes(what: string, at: CallSite): never {
  throw wrong(at, 0, `${what} is not text in UTF-8`);
}
