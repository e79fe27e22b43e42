/** Hostile YAML and JSON. */
import { count, fill, nest } from "./hostile-texts.ts";
import type { Texts } from "./hostile-texts.ts";

export const YAML: Texts = {
  "YAML: flow lists": (size) => fill(size, "[", "a: "),
  "YAML: flow lists that close": (size) => nest(size, "[", "]", "a: "),
  "YAML: flow maps": (size) => fill(size, "{a: "),
  "YAML: lists in one line": (size) => fill(size, "- "),
  "YAML: keys in one line": (size) => fill(size, "? "),
  "YAML: indentation": () => Array.from({ length: 1440 }, (_, n) => `${" ".repeat(n)}a:\n`).join(""),
  "YAML: aliases of aliases": () =>
    Array.from({ length: 40 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n},*a${n},*a${n}]`)
      .join("\n")
      .replaceAll("*a0", "x"),
  "YAML: one alias many times": (size) => fill(size, "*a,", `a: &a ${"x".repeat(5000)}\nb: [`, "]"),
  "YAML: aliases in a chain": (size) => count(size, (n) => `a${n + 1}: &a${n + 1} *a${n}\n`, "a0: &a0 1\n"),
  "YAML: anchors": (size) => count(size, (n) => `a${n}: &a${n} 1\n`),
  "YAML: merge keys": (size) => count(size, (n) => `b${n}: {<<: *a}\n`, "a: &a {c: 1}\n"),
  "YAML: merge keys of merge keys": (size) =>
    count(size, (n) => `a${n + 1}: &a${n + 1} {<<: [*a${n}, *a${n}]}\n`, "a0: &a0 {c: 1}\n"),
  "YAML: an alias of nothing": (size) => fill(size, "*b,", "a: [", "]"),
  "YAML: keys": (size) => count(size, (n) => `a${n}: 1\n`),
  "YAML: one key again and again": (size) => fill(size, "a: 1\n"),
  "YAML: one long key": (size) => fill(size, "a", "", ": 1"),
  "YAML: one long text": (size) => fill(size, "x\n  ", "a: |\n  "),
  "YAML: one quoted text": (size) => fill(size, "\\u0061", 'a: "', '"'),
  "YAML: one plain text": (size) => fill(size, "x ", "a: "),
  "YAML: one text of many lines": (size) => fill(size, "x\n ", "a: "),
  "YAML: one quote that stays open": (size) => fill(size, "x", 'a: "'),
  "YAML: tags": (size) => fill(size, "!!str ", "a: "),
  "YAML: tags of one's own": (size) => count(size, (n) => `a${n}: !t${n} 1\n`),
  "YAML: documents": (size) => fill(size, "---\n"),
  "YAML: directives": (size) => fill(size, "%YAML 1.2\n"),
  "YAML: comments": (size) => fill(size, "#\n"),
  "YAML: one list": (size) => fill(size, "- 1\n"),
  "YAML: a list in flow": (size) => fill(size, "1,", "a: [", "]"),
  "YAML: mistakes": (size) => fill(size, "}"),
  "YAML: tabs": (size) => fill(size, "\t", "a:\n"),
  "YAML: colons": (size) => fill(size, ":"),
  "YAML: dashes": (size) => fill(size, "-"),
  "YAML: quotes": (size) => fill(size, '"" '),
  "YAML: stars": (size) => fill(size, "*"),
  "YAML: numbers": (size) => fill(size, "1", "a: "),
  "YAML: templates": (size) => fill(size, "${1}", 'a: "', '"'),
};

export const JSON_TEXTS: Texts = {
  "JSON: lists": (size) => fill(size, "["),
  "JSON: lists that close": (size) => nest(size, "[", "]", "", "1"),
  "JSON: objects": (size) => fill(size, '{"a":'),
  "JSON: objects that close": (size) => nest(size, '{"a":', "}", "", "1"),
  "JSON: one key again and again": (size) => fill(size, '"a":1,', "{", '"a":1}'),
  "JSON: keys": (size) => count(size, (n) => `"a${n}":1,`, "{", '"b":1}'),
  "JSON: one list": (size) => fill(size, "1,", '{"a":[', "1]}"),
  "JSON: one text": (size) => fill(size, "x", '{"a":"', '"}'),
  "JSON: one text that stays open": (size) => fill(size, "x", '{"a":"'),
  "JSON: escapes": (size) => fill(size, "\\u0061", '{"a":"', '"}'),
  "JSON: one number": (size) => fill(size, "1", '{"a":', "}"),
  "JSON: templates": (size) => fill(size, "${1}", '{"a":"', '"}'),
  "JSON: mistakes": (size) => fill(size, "}", "{"),
  "JSON: an array of services": (size) => fill(size, "{},", '{"job":{"j":{"group":{"g":{"service":[', "{}]}}}}}"),
  "JSON: groups of the API": (size) =>
    fill(size, '{"Name":"g","Tasks":[{"Name":"t"}]},', '{"Job":{"ID":"x","TaskGroups":[', "{}]}}"),
  "JSON: an array of jobs": (size) => fill(size, '{"a":1},', '{"job":[', '{"a":1}]}'),
};
