/** Functions of related tools that Nomad 1.3 does not have, and what its job files have instead. */

const CONVERSIONS: Readonly<Record<string, string>> = {
  tobool: "bool",
  tolist: "list(string)",
  tomap: "map(string)",
  tonumber: "number",
  toset: "set(string)",
  tostring: "string",
};

const VARIABLE = 'Declare variable "NAME" {}, and give it its value from outside: --var, a var file or REMORA_VAR_NAME';
const CLOCK = "A job file does not know the time: it means the same whenever it is read";
const HASHES_OF_FILES = "Take the hash of the text: sha256(file(PATH))";

const INSTEAD: Readonly<Record<string, string>> = {
  alltrue: "Write the conditions with && between them",
  anytrue: "Write the conditions with || between them",
  consul_key: "Nothing is read from Consul while a job file is read",
  endswith: 'Write x == "…", or compare substr(x, -1, 1)',
  env: `${VARIABLE}; the task's own environment is env["NAME"]`,
  filemd5: HASHES_OF_FILES,
  filesha1: HASHES_OF_FILES,
  filesha256: HASHES_OF_FILES,
  filesha512: HASHES_OF_FILES,
  isotime: CLOCK,
  legacy_isotime: CLOCK,
  list: "Write the list in brackets: [a, b]",
  map: "Write the map in braces: { key = value }",
  one: "Choose the item by its place: list[0]",
  plantimestamp: CLOCK,
  regex: 'regex_replace(text, "^v(.*)$", "$1") takes a part out of a text',
  regexall: 'regex_replace(text, "^v(.*)$", "$1") takes a part out of a text',
  sensitive: "Declare the variable that it comes from with sensitive = true",
  setsubtract: "Write [for x in a : x if !contains(b, x)]",
  startswith: 'Compare the beginning: substr(x, 0, 1) == "v"',
  strlen: 'length(split("", x)) is how many characters a text has',
  templatefile: "file(PATH) gives a text as it is; a heredoc (<<EOT) is a template",
  timestamp: CLOCK,
  uuid: "uuidv4() makes one of the file and the place in it, uuidv5(namespace, name) one of a name",
  vault: "Secrets of Vault cannot be used",
};

/** A sentence; undefined for names that no other tool has either. */
export function insteadOf(name: string): string | undefined {
  if (Object.hasOwn(CONVERSIONS, name)) return `Write convert(x, ${CONVERSIONS[name] ?? ""})`;
  return Object.hasOwn(INSTEAD, name) ? INSTEAD[name] : undefined;
}
