/** Long files that nobody writes by accident: what must be refused, or read, without endless time and memory. */
import { MAX_TOKENS } from "../../../src/jobspec/budget.ts";
import { lexFile } from "../../../src/jobspec/hcl/lexer.ts";
import { JSON_TEXTS, YAML } from "./hostile-data.ts";
import { count, fill, nest } from "./hostile-texts.ts";
import type { Texts } from "./hostile-texts.ts";
import { groupText, taskText } from "./support.ts";

export interface HostileFile {
  readonly name: string;
  /** Its name decides the format. */
  readonly file: string;
  /** Made when asked for: all of them together are large. */
  readonly text: () => string;
}

/** As large as a job file may be. */
const SIZE = 1024 * 1024;

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
  "nested parentheses": (size) => nest(size, "(", ")"),
  "nested lists": (size) => nest(size, "[", "]"),
  "nested objects": (size) => nest(size, "{a=", "}"),
  "nested blocks": (size) => nest(size, "a {\n", "}\n", "", ""),
  "nested blocks with labels": (size) => nest(size, 'a "b" "c" {\n', "}\n", "", ""),
  "nested templates": (size) => nest(size, '"${', '}"'),
  "nested directives": (size) => nest(size, "%{if b}", "%{endif}", 'a = "', '"'),
  "nested loops of a template": (size) => nest(size, "%{for b in c}", "%{endfor}", 'a = "', '"'),
  "nested heredocs": (size) => nest(size, "${<<E\n", "\nE\n}", "a = <<E\n", "\nE\n"),
  "nested conditionals": (size) => nest(size, "b ? c : (", ")"),
  "nested calls": (size) => nest(size, "f(", ")"),
  "nested indexes": (size) => nest(size, "b[", "]"),
  "nested loops": (size) => nest(size, "[for b in ", ": b]"),
  "a chain of conditionals": (size) => fill(size, "b ? c : ", "a = ", "d"),
  "a chain of signs": (size) => fill(size, "-", "a = ", "1"),
  "a chain of negations": (size) => fill(size, "!", "a = ", "true"),
  "a chain of splats": (size) => fill(size, "[*]", "a = b"),
  "a chain of attributes": (size) => fill(size, ".b", "a = b"),
  "a chain of indexes": (size) => fill(size, "[0]", "a = b"),
  "brackets that stay open": (size) => fill(size, "[", "a = "),
  "templates that stay open": (size) => fill(size, '"${', "a = "),
  "braces that close nothing": (size) => fill(size, "}"),
};

const LONG: Texts = {
  "a sum without end": (size) => fill(size, "1+", "a = ", "1"),
  "every operator": (size) => fill(size, "1 + 2 * 3 - 4 / 5 % 6 == 7 && 8 != 9 || 1 < 2 && ", "a = ", "true"),
  "one list": (size) => fill(size, "1,", "a = [", "]"),
  "one object": (size) => count(size, (n) => `a${n}=1,`, "a = {", "}"),
  "one object with one key": (size) => fill(size, "a=1,", "a = {", "}"),
  "one call": (size) => fill(size, "1,", "a = f(", ")"),
  "one name": (size) => fill(size, "a"),
  "one number": (size) => fill(size, "1", "a = "),
  "one exponent": (size) => fill(size, "9", "a = 1e"),
  "one string": (size) => fill(size, "x", 'a = "', '"'),
  "one string of escapes": (size) => fill(size, "\\n", 'a = "', '"'),
  "one string of dollars": (size) => fill(size, "$", 'a = "', '"'),
  "one string of templates": (size) => fill(size, "${1}", 'a = "', '"'),
  "one template in a template": (size) => fill(size, '${"x"}', 'a = "', '"'),
  "one label": (size) => fill(size, "x", 'a "', '" {}'),
  "labels without end": (size) => fill(size, '"b" ', "a ", "{}"),
  "one comment": (size) => fill(size, "x", "#"),
  "one comment of many lines": (size) => fill(size, "x\n", "/*", "*/"),
  comments: (size) => fill(size, "#\n"),
  "comments in a row": (size) => fill(size, "/**/"),
  "comments that stay open": (size) => fill(size, "/*"),
  "line ends": (size) => fill(size, "\n"),
  "line ends of Windows": (size) => fill(size, "\r\n"),
  spaces: (size) => fill(size, " "),
  "one long line and many short ones": (size) => count(size, (n) => `b${n}=1\n`, `${"a".repeat(size / 2)}=1\n`),
  "one comment far to the right": (size) => fill(size, "#\n", `a = "${"x".repeat(size / 2)}" #\n`),
  "lines far to the right": (size) => fill(size, "1,\n", `a = ${"[\n".repeat(150)}`, "]".repeat(150)),
};

const MANY: Texts = {
  arguments: (size) => count(size, (n) => `a${n}=1\n`),
  "one argument again and again": (size) => fill(size, "a=1\n"),
  blocks: (size) => fill(size, "a {}\n"),
  jobs: (size) => count(size, (n) => `job "${n}" {}\n`),
  groups: (size) => count(size, (n) => `group "${n}" {}\n`, 'job "j" {\n', "}\n"),
  services: (size) => fill(size, "service {}\n", groupText("").replace(/\}\s*\}\s*$/, ""), "}\n}\n"),
  "groups of a task": (size) => count(size, (n) => `group "${n}" {\n task "t" {}\n}\n`, 'job "j" {\n', "}\n"),
  "services of a mesh": (size) =>
    count(
      size,
      (n) => `service {\n name = "s${n}"\n port = "${n + 1}"\n connect {\n sidecar_service {}\n}\n}\n`,
      groupText("").replace(/\}\s*\}\s*$/, ""),
      "}\n}\n",
    ),
  "a split into characters": (size) => fill(size, "x", 'a = join("x", split("", "', '"))'),
  "ports of one name": (size) => fill(size, 'port "a" {}\n', 'job "j" {\n group "g" {\n network {\n', "}\n}\n}\n"),
  ports: (size) => count(size, (n) => `port "a${n}" {}\n`, 'job "j" {\n group "g" {\n network {\n', "}\n}\n}\n"),
  "unknown arguments of a job": (size) => count(size, (n) => `datacenter${n} = 1\n`, 'job "j" {\n', "}\n"),
  "unknown blocks of a group": (size) => count(size, (n) => `servic${n} {}\n`, 'job "j" {\n group "g" {\n', "}\n}\n"),
  "variables of the environment": (size) =>
    count(
      size,
      (n) => `V${n} = "\${NOMAD_PORT_${n}}"\n`,
      taskText("env {\n@}").split("@")[0],
      taskText("env {\n@}").split("@")[1],
    ),
  "references to nothing": (size) => count(size, (n) => `a${n} = b.c[0]\n`),
  mistakes: (size) => count(size, (n) => `a${n} = = 1\n`),
  "calls of no function": (size) => count(size, (n) => `a${n} = nofunction(1)\n`),
  "calls with wrong arguments": (size) => count(size, (n) => `a${n} = upper([], 1)\n`),
  "operators on wrong types": (size) => count(size, (n) => `a${n} = [] + 1\n`),
};

const HEREDOCS: Texts = {
  "one heredoc": (size) => fill(size, "x\n", "a = <<E\n", "E\n"),
  "one heredoc that is indented": (size) => fill(size, "  x\n", "a = <<-E\n", "E\n"),
  "one heredoc of one line": (size) => fill(size, "x", "a = <<E\n", "\nE\n"),
  "one heredoc that never ends": (size) => fill(size, "x\n", "a = <<E\n"),
  "one heredoc that almost ends": (size) => fill(size, "E E\n", "a = <<E\n"),
  "one heredoc of empty lines": (size) => fill(size, "\n", "a = <<-E\n", "E\n"),
  "one heredoc of templates": (size) => fill(size, "${1}\n", "a = <<-E\n", "E\n"),
  "one heredoc of trimmed templates": (size) => fill(size, " ${~ 1 ~} \n", "a = <<-E\n", "E\n"),
  heredocs: (size) => count(size, (n) => `a${n} = <<E\nE\n`),
  "heredocs that stay open": (size) => fill(size, "<<E\n", "a = "),
  "a heredoc with a long name": (size) => fill(size, "\nx", `a = <<${"E".repeat(size / 2)}`),
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
  "sensitive variables in error": (size) => fill(size, 'variable "a" {\nsensitive = true\ndefault = "\n}\n'),
  "words of sensitive variables": (size) => fill(size, "sensitive = variable ", 'variable "a" {\nsensitive = true\n'),
  "loops over a long list": (size) => fill(size, "1,", "a = [for x in [for y in [", "] : y] : [for z in [1,2,3] : x]]"),
  "a splat of a long list": (size) => fill(size, "{a=1},", "a = [", "][*].a"),
  "keys that double": () =>
    `a = ${loops(
      60,
      (name) => `{ "\${${name}}\${${name}}" = 1 }`,
      (loop) => `keys(${loop}[0])`,
    )}`,
  "a template of loops": (size) =>
    fill(size, "%{for x in [1,2,3,4]}%{for y in [1,2,3,4]}${x}%{endfor}%{endfor}", 'a = "', '"'),
  "locals that double": () =>
    doubling(60, (n) => `l${n + 1} = "\${local.l${n}}\${local.l${n}}"\n`, 'locals {\nl0 = "xx"\n', "}\n"),
  "locals of lists that double": () =>
    doubling(60, (n) => `l${n + 1} = [local.l${n}, local.l${n}]\n`, "locals {\nl0 = [1]\n", "}\n"),
  "locals in a circle": (size) => count(size, (n) => `l${n} = local.l${n + 1}\n`, "locals {\n", "}\n"),
  "a chain of locals": (size) => count(size, (n) => `l${n + 1} = local.l${n}\n`, "locals {\nl0 = 1\n", "}\n"),
  "dynamic blocks in dynamic blocks": () =>
    groupText(`${`dynamic "service" {\nfor_each = ${TEN}\ncontent {\n`.repeat(60)}${"}\n}\n".repeat(60)}`),
  "a dynamic block of many": () => groupText('dynamic "service" {\n for_each = range(100000)\n content {}\n}'),
  "a dynamic block without end": (size) =>
    fill(
      size,
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
  "variables that double": () =>
    doubling(60, (n) => `variable "v${n}" {\n  default = [for x in ["\${var.v${n}}"] : x]\n}\n`),
  variables: (size) => count(size, (n) => `variable "v${n}" {\n  type = number\n}\n`),
  "a type without end": (size) => nest(size, "list(", ")", 'variable "v" {\n  type = ', "any"),
  "validations without end": (size) =>
    fill(
      size,
      'validation {\n  condition = var.v > 0\n  error_message = "X."\n}\n',
      'variable "v" {\n  default = 0\n',
      "}\n",
    ),
  "a large power": () => "a = pow(10, 1000000000)",
};

const UNICODE: Texts = {
  "lone surrogates": (size) => fill(size, "\uD83D", 'a = "', '"'),
  "characters of two units": (size) => fill(size, "😀", 'a = "', '"'),
  "combining marks": (size) => fill(size, "\u0301", 'a = "e', '" # x\n'),
  "combining marks out of order": (size) => fill(size, "\u0301\u0327\u0323", 'a = "e', '" # x\n'),
  "combining marks in many short runs": (size) => fill(size, `e${"\u0301\u0327\u0323".repeat(80)}`, 'a = "', '" # x\n'),
  "a secret of characters of two units": (size) =>
    fill(size, "\u{1f600}\u00e9", 'a = "x-${var.v}"\nvariable "v" {\nsensitive = true\ndefault = "', '"\n}\n'),
  "many secrets": (size) =>
    count(size, (n) => `variable "v${n}" {\nsensitive = true\ndefault = "secret ${n}"\n}\na${n} = "x"\n`),
  "joined emoji": (size) => fill(size, "👩\u200D", 'a = "', '" # x\n'),
  "byte order marks": (size) => fill(size, "\uFEFF"),
  zeros: (size) => fill(size, "\0"),
  "zeros in a string": (size) => fill(size, "\0", 'a = "', '"'),
  "carriage returns": (size) => fill(size, "\r"),
  "separators that are no line ends": (size) => fill(size, "\u2028", 'a = "', '"'),
  "letters of no alphabet": (size) => fill(size, "Ա", "", " = 1"),
};

const TOKENS = 0.9 * MAX_TOKENS;
const SAMPLE = 20_000;

/** So large that the text has about so many tokens, but no larger than a file. */
function sizeFor(text: (size: number) => string): number {
  const sample = text(SAMPLE);
  return Math.min(SIZE, Math.floor((TOKENS * sample.length) / lexFile(sample).length));
}

const HCL = { ...NESTED, ...LONG, ...MANY, ...HEREDOCS, ...WORK, ...UNICODE };

/** One file of each kind, of about so many characters; some kinds have a size of their own. */
export function hostileFiles(size: number): HostileFile[] {
  const files = (texts: Texts, file: string): HostileFile[] =>
    Object.entries(texts).map(([name, text]) => ({ name, file, text: () => text(size) }));
  return [...files(HCL, "job.nomad.hcl"), ...files(YAML, "job.yaml"), ...files(JSON_TEXTS, "job.json")];
}

/** As large as a file may be; and as large as its parts allow, so that what comes after the lexer has its turn. */
export function largeHostileFiles(): HostileFile[] {
  const fewer = Object.entries(HCL).map(([name, text]) => ({
    name: `${name}, of fewer parts`,
    file: "job.nomad.hcl",
    text: () => text(sizeFor(text)),
  }));
  const [yaml, most] = [hostileFiles(80_000).filter(({ file }) => file.endsWith("yaml")), hostileFiles(SIZE)];
  return [...most, ...fewer, ...yaml.map((file) => ({ ...file, name: `${file.name}, of fewer parts` }))];
}
