/** Files of a megabyte that nobody writes by accident: what must be refused, or read, without endless time and memory. */
import { groupText, taskText } from "./support.ts";

export interface HostileFile {
  readonly name: string;
  /** Its name decides the format. */
  readonly file: string;
  /** Made when asked for: all of them together are large. */
  readonly text: () => string;
}

type Texts = Readonly<Record<string, () => string>>;

/** As large as a job file may be. */
const SIZE = 1024 * 1024;

/** `unit` as often as fits into a file, between what opens and closes it. */
function fill(unit: string, open = "", close = ""): string {
  return `${open}${unit.repeat(Math.floor((SIZE - open.length - close.length) / unit.length))}${close}`;
}

/** The same with a number in each: `make(0)`, `make(1)`, … */
function count(make: (n: number) => string, open = "", close = ""): string {
  const parts: string[] = [open];
  let left = SIZE - open.length - close.length;
  for (let n = 0; ; n++) {
    const part = make(n);
    left -= part.length;
    if (left < 0) return [...parts, close].join("");
    parts.push(part);
  }
}

/** Opened and closed again, as deep as a file can be. */
function nest(open: string, close: string, before = "a = ", inside = "1"): string {
  const times = Math.floor((SIZE - before.length - inside.length) / (open.length + close.length));
  return `${before}${open.repeat(times)}${inside}${close.repeat(times)}`;
}

/** Levels that each hold the one below twice. */
function doubling(levels: number, level: (n: number) => string, open = "", close = ""): string {
  return `${open}${Array.from({ length: levels }, (_, n) => level(n)).join("")}${close}`;
}

function loops(levels: number, body: (name: string) => string, wrap: (loop: string) => string): string {
  let text = '["x"]';
  for (let n = 0; n < levels; n++) text = wrap(`[for v${n} in ${text} : ${body(`v${n}`)}]`);
  return text;
}

const TEN = "[1,2,3,4,5,6,7,8,9,0]";

const NESTED: Texts = {
  "nested parentheses": () => nest("(", ")"),
  "nested lists": () => nest("[", "]"),
  "nested objects": () => nest("{a=", "}"),
  "nested blocks": () => nest("a {\n", "}\n", "", ""),
  "nested blocks with labels": () => nest('a "b" "c" {\n', "}\n", "", ""),
  "nested templates": () => nest('"${', '}"'),
  "nested directives": () => nest("%{if b}", "%{endif}", 'a = "', '"'),
  "nested loops of a template": () => nest("%{for b in c}", "%{endfor}", 'a = "', '"'),
  "nested heredocs": () => nest("${<<E\n", "\nE\n}", "a = <<E\n", "\nE\n"),
  "nested conditionals": () => nest("b ? c : (", ")"),
  "nested calls": () => nest("f(", ")"),
  "nested indexes": () => nest("b[", "]"),
  "nested loops": () => nest("[for b in ", ": b]"),
  "a chain of conditionals": () => fill("b ? c : ", "a = ", "d"),
  "a chain of signs": () => fill("-", "a = ", "1"),
  "a chain of negations": () => fill("!", "a = ", "true"),
  "a chain of splats": () => fill("[*]", "a = b"),
  "a chain of attributes": () => fill(".b", "a = b"),
  "a chain of indexes": () => fill("[0]", "a = b"),
  "brackets that stay open": () => fill("[", "a = "),
  "templates that stay open": () => fill('"${', "a = "),
  "braces that close nothing": () => fill("}"),
};

const LONG: Texts = {
  "a sum without end": () => fill("1+", "a = ", "1"),
  "every operator": () => fill("1 + 2 * 3 - 4 / 5 % 6 == 7 && 8 != 9 || 1 < 2 && ", "a = ", "true"),
  "one list": () => fill("1,", "a = [", "]"),
  "one object": () => count((n) => `a${n}=1,`, "a = {", "}"),
  "one object with one key": () => fill("a=1,", "a = {", "}"),
  "one call": () => fill("1,", "a = f(", ")"),
  "one name": () => fill("a"),
  "one number": () => fill("1", "a = "),
  "one exponent": () => fill("9", "a = 1e"),
  "one string": () => fill("x", 'a = "', '"'),
  "one string of escapes": () => fill("\\n", 'a = "', '"'),
  "one string of dollars": () => fill("$", 'a = "', '"'),
  "one string of templates": () => fill("${1}", 'a = "', '"'),
  "one template in a template": () => fill('${"x"}', 'a = "', '"'),
  "one label": () => fill("x", 'a "', '" {}'),
  "labels without end": () => fill('"b" ', "a ", "{}"),
  "one comment": () => fill("x", "#"),
  "one comment of many lines": () => fill("x\n", "/*", "*/"),
  comments: () => fill("#\n"),
  "comments in a row": () => fill("/**/"),
  "comments that stay open": () => fill("/*"),
  "line ends": () => fill("\n"),
  "line ends of Windows": () => fill("\r\n"),
  spaces: () => fill(" "),
  "one long line and many short ones": () => count((n) => `b${n}=1\n`, `${"a".repeat(SIZE / 2)}=1\n`),
  "one comment far to the right": () => fill("#\n", `a = "${"x".repeat(SIZE / 2)}" #\n`),
  "lines far to the right": () => fill("1,\n", `a = ${"[\n".repeat(150)}`, "]".repeat(150)),
};

const MANY: Texts = {
  arguments: () => count((n) => `a${n}=1\n`),
  "one argument again and again": () => fill("a=1\n"),
  blocks: () => fill("a {}\n"),
  jobs: () => count((n) => `job "${n}" {}\n`),
  groups: () => count((n) => `group "${n}" {}\n`, 'job "j" {\n', "}\n"),
  services: () => fill("service {}\n", groupText("").replace(/\}\s*\}\s*$/, ""), "}\n}\n"),
  "ports of one name": () => fill('port "a" {}\n', 'job "j" {\n group "g" {\n network {\n', "}\n}\n}\n"),
  ports: () => count((n) => `port "a${n}" {}\n`, 'job "j" {\n group "g" {\n network {\n', "}\n}\n}\n"),
  "unknown arguments of a job": () => count((n) => `datacenter${n} = 1\n`, 'job "j" {\n', "}\n"),
  "unknown blocks of a group": () => count((n) => `servic${n} {}\n`, 'job "j" {\n group "g" {\n', "}\n}\n"),
  "variables of the environment": () =>
    count(
      (n) => `V${n} = "\${NOMAD_PORT_${n}}"\n`,
      taskText("env {\n@}").split("@")[0],
      taskText("env {\n@}").split("@")[1],
    ),
  "references to nothing": () => count((n) => `a${n} = b.c[0]\n`),
  mistakes: () => count((n) => `a${n} = = 1\n`),
  "calls of no function": () => count((n) => `a${n} = nofunction(1)\n`),
  "calls with wrong arguments": () => count((n) => `a${n} = upper([], 1)\n`),
  "operators on wrong types": () => count((n) => `a${n} = [] + 1\n`),
};

const HEREDOCS: Texts = {
  "one heredoc": () => fill("x\n", "a = <<E\n", "E\n"),
  "one heredoc that is indented": () => fill("  x\n", "a = <<-E\n", "E\n"),
  "one heredoc of one line": () => fill("x", "a = <<E\n", "\nE\n"),
  "one heredoc that never ends": () => fill("x\n", "a = <<E\n"),
  "one heredoc that almost ends": () => fill("E E\n", "a = <<E\n"),
  "one heredoc of empty lines": () => fill("\n", "a = <<-E\n", "E\n"),
  "one heredoc of templates": () => fill("${1}\n", "a = <<-E\n", "E\n"),
  "one heredoc of trimmed templates": () => fill(" ${~ 1 ~} \n", "a = <<-E\n", "E\n"),
  heredocs: () => count((n) => `a${n} = <<E\nE\n`),
  "heredocs that stay open": () => fill("<<E\n", "a = "),
  "a heredoc with a long name": () => fill("\nx", `a = <<${"E".repeat(SIZE / 2)}`),
};

const WORK: Texts = {
  "strings that double": () =>
    `a = ${loops(
      60,
      (name) => `"\${${name}}\${${name}}"`,
      (loop) => loop,
    )}`,
  "lists that double": () =>
    `a = ${loops(
      60,
      (name) => `[${name}, ${name}]`,
      (loop) => `[${loop}]`,
    )}`,
  "loops in loops": () => `a = ${`[for x in ${TEN} : `.repeat(60)}1${"]".repeat(60)}`,
  "loops over a long list": () => fill("1,", "a = [for x in [for y in [", "] : y] : [for z in [1,2,3] : x]]"),
  "a splat of a long list": () => fill("{a=1},", "a = [", "][*].a"),
  "keys that double": () =>
    `a = ${loops(
      60,
      (name) => `{ "\${${name}}\${${name}}" = 1 }`,
      (loop) => `keys(${loop}[0])`,
    )}`,
  "a template of loops": () => fill("%{for x in [1,2,3,4]}%{for y in [1,2,3,4]}${x}%{endfor}%{endfor}", 'a = "', '"'),
  "locals that double": () =>
    doubling(60, (n) => `l${n + 1} = "\${local.l${n}}\${local.l${n}}"\n`, 'locals {\nl0 = "xx"\n', "}\n"),
  "locals of lists that double": () =>
    doubling(60, (n) => `l${n + 1} = [local.l${n}, local.l${n}]\n`, "locals {\nl0 = [1]\n", "}\n"),
  "locals in a circle": () => count((n) => `l${n} = local.l${n + 1}\n`, "locals {\n", "}\n"),
  "a chain of locals": () => count((n) => `l${n + 1} = local.l${n}\n`, "locals {\nl0 = 1\n", "}\n"),
  "dynamic blocks in dynamic blocks": () =>
    groupText(`${`dynamic "service" {\nfor_each = ${TEN}\ncontent {\n`.repeat(60)}${"}\n}\n".repeat(60)}`),
  "a dynamic block without end": () =>
    fill(
      "1,",
      groupText("@").split("@")[0] + 'dynamic "service" {\nfor_each = [',
      `]\ncontent {}\n}\n${groupText("@").split("@")[1] ?? ""}`,
    ),
  "functions that grow": () => `a = ${'join(",", [for x in range(1000) : '.repeat(20)}"x"${"])".repeat(20)}`,
  "a range without end": () => "a = range(1000000000)",
  "padding without end": () => 'a = format("%1000000000d", 1)',
  "a replacement that grows": () => `a = ${"replace(".repeat(40)}"xx"${', "x", "xxxx")'.repeat(40)}`,
  "sets that multiply": () => `a = setproduct(${Array.from({ length: 30 }, () => TEN).join(",")})`,
  "a pattern without end": () => `a = regex("${"(a*)*".repeat(20)}b", "${"a".repeat(5000)}")`,
  "a large power": () => "a = pow(10, 1000000000)",
};

const UNICODE: Texts = {
  "lone surrogates": () => fill("\uD83D", 'a = "', '"'),
  "characters of two units": () => fill("😀", 'a = "', '"'),
  "combining marks": () => fill("\u0301", 'a = "e', '" # x\n'),
  "joined emoji": () => fill("👩\u200D", 'a = "', '" # x\n'),
  "byte order marks": () => fill("\uFEFF"),
  zeros: () => fill("\0"),
  "zeros in a string": () => fill("\0", 'a = "', '"'),
  "carriage returns": () => fill("\r"),
  "separators that are no line ends": () => fill("\u2028", 'a = "', '"'),
  "letters of no alphabet": () => fill("Ա", "", " = 1"),
};

const YAML: Texts = {
  "YAML: flow lists": () => fill("[", "a: "),
  "YAML: flow lists that close": () => nest("[", "]", "a: "),
  "YAML: flow maps": () => fill("{a: "),
  "YAML: lists in one line": () => fill("- "),
  "YAML: keys in one line": () => fill("? "),
  "YAML: indentation": () => Array.from({ length: 1440 }, (_, n) => `${" ".repeat(n)}a:\n`).join(""),
  "YAML: aliases of aliases": () =>
    Array.from({ length: 40 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n},*a${n},*a${n}]`)
      .join("\n")
      .replaceAll("*a0", "x"),
  "YAML: one alias many times": () => fill("*a,", `a: &a ${"x".repeat(5000)}\nb: [`, "]"),
  "YAML: aliases in a chain": () => count((n) => `a${n + 1}: &a${n + 1} *a${n}\n`, "a0: &a0 1\n"),
  "YAML: anchors": () => count((n) => `a${n}: &a${n} 1\n`),
  "YAML: merge keys": () => count((n) => `b${n}: {<<: *a}\n`, "a: &a {c: 1}\n"),
  "YAML: merge keys of merge keys": () =>
    count((n) => `a${n + 1}: &a${n + 1} {<<: [*a${n}, *a${n}]}\n`, "a0: &a0 {c: 1}\n"),
  "YAML: an alias of nothing": () => fill("*b,", "a: [", "]"),
  "YAML: keys": () => count((n) => `a${n}: 1\n`),
  "YAML: one key again and again": () => fill("a: 1\n"),
  "YAML: one long key": () => fill("a", "", ": 1"),
  "YAML: one long text": () => fill("x\n  ", "a: |\n  "),
  "YAML: one quoted text": () => fill("\\u0061", 'a: "', '"'),
  "YAML: one plain text": () => fill("x ", "a: "),
  "YAML: one text of many lines": () => fill("x\n ", "a: "),
  "YAML: one quote that stays open": () => fill("x", 'a: "'),
  "YAML: tags": () => fill("!!str ", "a: "),
  "YAML: tags of one's own": () => count((n) => `a${n}: !t${n} 1\n`),
  "YAML: documents": () => fill("---\n"),
  "YAML: directives": () => fill("%YAML 1.2\n"),
  "YAML: comments": () => fill("#\n"),
  "YAML: one list": () => fill("- 1\n"),
  "YAML: a list in flow": () => fill("1,", "a: [", "]"),
  "YAML: mistakes": () => fill("}"),
  "YAML: tabs": () => fill("\t", "a:\n"),
  "YAML: colons": () => fill(":"),
  "YAML: dashes": () => fill("-"),
  "YAML: quotes": () => fill('"" '),
  "YAML: stars": () => fill("*"),
  "YAML: numbers": () => fill("1", "a: "),
  "YAML: templates": () => fill("${1}", 'a: "', '"'),
};

const JSON_FILES: Texts = {
  "JSON: lists": () => fill("["),
  "JSON: lists that close": () => nest("[", "]", "", "1"),
  "JSON: objects": () => fill('{"a":'),
  "JSON: objects that close": () => nest('{"a":', "}", "", "1"),
  "JSON: one key again and again": () => fill('"a":1,', "{", '"a":1}'),
  "JSON: keys": () => count((n) => `"a${n}":1,`, "{", '"b":1}'),
  "JSON: one list": () => fill("1,", '{"a":[', "1]}"),
  "JSON: one text": () => fill("x", '{"a":"', '"}'),
  "JSON: one text that stays open": () => fill("x", '{"a":"'),
  "JSON: escapes": () => fill("\\u0061", '{"a":"', '"}'),
  "JSON: one number": () => fill("1", '{"a":', "}"),
  "JSON: templates": () => fill("${1}", '{"a":"', '"}'),
  "JSON: mistakes": () => fill("}", "{"),
  "JSON: an array of jobs": () => fill('{"a":1},', '{"job":[', '{"a":1}]}'),
};

function files(texts: Texts, file: string): HostileFile[] {
  return Object.entries(texts).map(([name, text]) => ({ name, file, text }));
}

export const HOSTILE: readonly HostileFile[] = [
  ...[NESTED, LONG, MANY, HEREDOCS, WORK, UNICODE].flatMap((texts) => files(texts, "job.nomad.hcl")),
  ...files(YAML, "job.yaml"),
  ...files(JSON_FILES, "job.json"),
];
