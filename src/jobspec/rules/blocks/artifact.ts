/** The rules for artifacts (Nomad's). */
import { isDeferred } from "../judge.ts";
import type { Part } from "./part.ts";
import { escapes } from "./paths.ts";
import { refuseEscape } from "./template.ts";

/** Hexadecimal digits of each kind of checksum. */
const DIGITS: Readonly<Record<string, number>> = { md5: 32, sha1: 40, sha256: 64, sha512: 128 };

export function judgeArtifact(artifact: Part): void {
  if (artifact.isSure("source") && artifact.text("source") === "") {
    artifact.refuse("source", "An artifact needs a source", "Write source = URL");
  }
  if (escapes(artifact.text("destination"))) refuseEscape(artifact);
  const checksum = artifact.entry("options", "checksum");
  if (checksum !== undefined && !isDeferred(checksum)) judgeChecksum(artifact, checksum.trim());
}

function judgeChecksum(artifact: Part, checksum: string): void {
  const at = "options.checksum";
  const [kind = "", sum, more] = checksum.split(":");
  if (sum === undefined || more !== undefined) {
    return artifact.refuse(at, "A checksum has its kind before it", 'Write it as "sha256:…"');
  }
  const digits = Object.hasOwn(DIGITS, kind) ? DIGITS[kind] : undefined;
  if (digits === undefined) {
    return artifact.refuse(at, `There is no checksum "${kind}"`, `Possible: ${Object.keys(DIGITS).join(", ")}`);
  }
  if (/^[0-9a-f]*$/i.test(sum) && sum.length === digits) return;
  artifact.refuse(at, `This is no checksum of ${kind}`, `It has ${digits} hexadecimal digits`);
}
