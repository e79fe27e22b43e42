/** Names from elsewhere, before they become part of a request's path. */
import type { Call } from "./errors.ts";
import { refusal } from "./errors.ts";

const CHARACTERS = /^[A-Za-z0-9][A-Za-z0-9_.:@/-]*$/;

/**
 * The name, escaped. Throws `rejected` for one that no object of Docker's can have: the engine would tidy such a path and
 * redirect to another, which the client follows to where nobody meant to go.
 */
export function inPath(name: string, call: Call): string {
  const tidy = name.split("/").every((part) => !["", ".", ".."].includes(part));
  if (tidy && CHARACTERS.test(name)) return encodeURIComponent(name);
  throw refusal(
    "rejected",
    call,
    `"${name}" is not a name that Docker knows: letters, digits and _ . : @ / - only`,
    "never",
  );
}
