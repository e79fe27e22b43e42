/** The version of this program, from package.json; the bundler writes it in. */
import { readFileSync } from "node:fs";

declare const REMORA_VERSION: string | undefined;

export const VERSION: string = typeof REMORA_VERSION === "string" ? REMORA_VERSION : fromPackage();

function fromPackage(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
