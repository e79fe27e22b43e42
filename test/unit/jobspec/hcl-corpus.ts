/** HCL in small pieces, right and wrong, and a few whole files: what the parser is compared on with HCL itself. */

export const SNIPPETS: readonly string[] = [
  "# foo",
  "a = 1 # foo",
  "a = 1 /* x\n y */ \nb = 2",
  "a = 1 /* x\n */ b = 2",
  "a = 1\rb = 2",
  "a = 1\r\nb = 2",
  "a = 1\r",
  'a = "x\ry"',
  "a = <<E\nx\ry\nE\n",
  "a = <<E\n\rE\n",
  "a = <<E\n${r}E\nE\n",
  "a = <<E\n${r}E\n",
  "a = <<E\nx\n%{ if r }E\n%{ endif }\nE\n",
  "a = b.1e1e3",
  "a = <<E\nE\r\r\n",
  "a = <<E\n\u00A0E\n",
  "a = <<E\n\u0085E\n",
  "a = <<E\n\uFEFFE\n",
  "a = <<E\r\nx\r\nE\r\n",
  "# a\rb\na=1",
  "a\t=\t1",
  "a =\u000b1",
  "a =\f1",
  "a = 1",
  "﻿a = 1",
  "a = ﻿1",
  'a = "$$${x}"',
  'a = "$$$${x}"',
  'a = "%%%{x}"',
  'a = "$"',
  'a = "$$"',
  'a="$x"',
  'a = "x$"',
  "a = <<EOT\n  foo\nbar\n  EOT\n",
  "a = <<EOT\nfoo\nEOT bar\nEOT\n",
  "a = <<EOT \nfoo\nEOT\n",
  "a = <<EOT\nfoo\nEOT",
  "a = <<EOT\nfoo\n",
  "a = <<EOT\nEOTX\nEOT\n",
  "a = <<EOT\nEOT\n",
  "a = <<-EOT\n    foo\n      bar\n\n    baz\n  EOT\n",
  "a = <<-EOT\n    foo\n  \n   baz\n  EOT\n",
  "a = <<-EOT\n\t\tfoo\n\t bar\nEOT\n",
  "a = <<EOT\n$${x} %%{y} \\n\nEOT\n",
  "a = [<<EOT\nx\nEOT\n, 1]\n",
  "a = (<<EOT\nx\nEOT\n)\n",
  "a = <<EO-T\nx\nEO-T\n",
  "a = <<EOT\nfoo\nEOT \n",
  "a { b = 1 }",
  "a { b = 1\n }",
  "a { b = 1, c = 2 }",
  "a { b {} }",
  "a { }",
  "a {\n}",
  "a { b = 1 } c = 2",
  "a {} b {}",
  "a { b = [\n1\n] }",
  "a { \n b = 1 }",
  "a {b = 1} # x",
  "a { # x\n}",
  "a { /* x */ }",
  "a {\n b {}\n}",
  'a b "c" {}',
  'a "${x}" {}',
  'a "x\\n$${y}" {}',
  "a 1 {}",
  "a\n{}",
  'a "$" {}',
  'a "%%{x" {}',
  '"a" = 1',
  "a = 1\na = 2",
  "a = 1\na {}",
  "a = { b=1, b=2 }",
  'a = { b = 1\n c: 2, d = 3,\n "e" = 4, (f) = 5, g.h = 6 }',
  "a = {\n\n b = 1\n\n\n c=2\n\n}",
  "a = { , }",
  "a = { b\n= 1 }",
  "a = { b =\n 1 }",
  "a = { b = 1 c = 2 }",
  "a = { 1 = 2 }",
  "a = { true = 1, null = 2, if = 3 }",
  "a = { for = 1 }",
  "a = { b ? c : d = 1 }",
  "a = { b ? c : d : 1 }",
  "a = { b = 1\n, c = 2 }",
  "a = {b=1,,c=2}",
  "a = { (b\n) = 1 }",
  'a = { "x${y}" = 1}',
  "a = {-1 = 2}",
  "a = { b = 1,\n\n c=2}",
  "a = { f(x) = 1}",
  "a = { x[0] = 1}",
  "a = { x.*.y = 1}",
  "a = { [1] = 2}",
  "a = [1,2,]",
  "a = [\n1\n,\n2\n]",
  "a = [,]",
  "a = [1 2]",
  "a = [for x in y : x]",
  "a = [for x, z in y : x if z]",
  "a = {for x in y : x => x...}",
  "a = {\nfor x in y :\nx => x\nif x\n}",
  "a = [for x in y : x => x]",
  "a = {for x in y: x}",
  "a = [for x in y: x...]",
  "a = [for\nx\nin\ny\n:\nx]",
  "a = {for x in y: x => x if z ...}",
  "a=[for in in in : in]",
  "a = [for a,b,c in d : a]",
  "a = [\n\nfor x in y : x]",
  "a = {for x,y in z : x=>y,}",
  "a = b.0",
  "a = b.0.1",
  "a = b.*.0",
  "a = b.*.0.1",
  "a = b.*.c.*.d",
  "a = b[*].c[*].d[0]",
  "a = b[]",
  "a = b.1e3",
  "a = b.0.1.2",
  "a = b.0.c",
  "a = b . c",
  "a = b.\nc",
  "a = (b\n.c)",
  "a = b [0]",
  "a = b[0\n]",
  "a = b.*",
  "a=b.*[0]",
  "a = b[*",
  'a = b["x"].y',
  "a=b.*.c[0].*.d",
  "a = b.00",
  "a = b.1.5e2",
  "a = b.0x",
  "a = b[-1]",
  "a = b.-1",
  "a = b[*].0.1",
  "a=b.*.0.c",
  "a = 1.5e-3",
  "a = .5",
  "a = 1.",
  "a = 0x10",
  "a=1e",
  "a=01",
  "a=1_000",
  "a = 1.e3",
  "a = 12345678901234567890",
  "a = 1e400",
  "a=1E+2",
  "a=1...2",
  "a = !!b",
  "a = --1",
  "a = -b.c",
  "a = -\n1",
  "a = 1 - -1",
  "a= -1",
  "a = !a == b",
  "a = 1 == 2 == 3",
  "a = 1 &&\n2",
  "a = b & c",
  "a = b ? c : d ? e : f",
  "a = b ?\nc : d",
  "a = b ? c : d\n",
  "a = 1 +",
  "a = = 1",
  "a = b ? c",
  "a = 'x'",
  "a = b;",
  "a = `x`",
  "a = ~b",
  "a = 2^3",
  "a = 1 < 2 < 3",
  "a = b ?? c",
  "a = f(1,2)",
  "a = f(1,2,)",
  "a = f(x...)",
  "a = f(x...,)",
  "a = f(,)",
  "a = f(\n1\n,\n2\n)",
  "a = f (1)",
  "a = a::b(1)",
  "a = a.b(1)",
  "a = f(x... , y)",
  "a=f(1 2)",
  "a = f\n(1)",
  "a = f()()",
  "a = f().x[0]",
  "a = a::b::c(1)",
  "a = a :: b(1)",
  "a = a::b",
  "a = true(1)",
  "a = f(x...\n)",
  'a = "${b}"',
  'a = "x${b}y"',
  'a = "${b"',
  'a = "%{if b}x%{else}y%{endif}"',
  'a = "%{if b}x"',
  'a = "%{endif}"',
  'a = "%{for x in y}z%{endfor}"',
  'a = "%{for k,v in y}z%{endfor}"',
  'a="%{if b}%{else}%{else}%{endif}"',
  'a = "${~b~}"',
  'a = "%{~if b~}x%{~else~}y%{~endif~}"',
  'a = "${}"',
  'a = "${b c}"',
  'a = "%{foo}"',
  'a = "${\nb\n}"',
  'a = "${"x"}"',
  'a = "${{a=1}}"',
  'a = "${{a=1}.a}"',
  'a = "%{if b}${c}%{endif}d"',
  'a = "%{ if\nb }x%{ endif }"',
  'a = "${b~ }"',
  'a = "${ ~b}"',
  'a = "%{else}"',
  'a = "%{if}x%{endif}"',
  'a = "%{for x y}%{endfor}"',
  'a = "%{ifb}x%{endif}"',
  'a = "%{if b}x%{endif c}"',
  'a = "%{for x in y}a%{else}b%{endfor}"',
  'a = "%{if b}%{endfor}"',
  'a = "${"}"}"',
  'a = "${"${b}"}"',
  'a = "${/* } */ b}"',
  'a = "${# }\nb}"',
  'a = "${b\n"',
  'a = "\\n\\t\\r\\"\\\\\\u00e9\\U0001F600"',
  'a = "\\x41"',
  'a = "\\u00"',
  'a = "\\ud800"',
  'a = "\\"',
  'a = "x\ny"',
  'a = "\\$"',
  'a = "\\${x}"',
  'a="\\U00110000"',
  'a="\\\n"',
  'a="\\u12345"',
  'a="\\uD83D\\uDE00"',
  'a = "\u0000"',
  "a = 1\u0000",
  "é = 1",
  "a = ü",
  "😀 = 1",
  "_a = 1",
  "a-b = 1",
  "-a = 1",
  "a1 = b1-2",
  "a = 变量",
  "á = 1",
  "́ = 1",
  "a = 1 b=2",
  'a = "\ud800"',
  "a",
  "a =",
  "a = \n",
  "a {",
  "a { b = 1",
  "}",
  "a = [",
  "a = (1",
  'a = "',
  "= 1",
  "1 = 2",
  "a = 1 b = 2",
  'a "b" = 1',
  "a b",
  "a.b = 1",
  "a = )",
  "a : 1",
  "",
  "\n\n",
  "a = 1;",
  "a = ()",
  "a = (\n1\n+\n2\n)",
  'a "b\n" {}',
  'a "b" "c"',
  "a = {",
  "{}",
  "a = b c",
  "a = [1",
  "a = ...",
  "a => 1",
  "a = 1 // x",
  "/* x",
  "a = 1 /*",
  "/* a /* b */ c */",
  "a /* x */ = /* y */ 1",
  "a = 1 /**/",
  "a = 1 /***/",
  "a = [ # x\n1, // y\n2 ]",
  "a = # x\n1",
  "for = 1",
  "true = 1",
  "null {}",
  "a true {}",
  "a = if",
  "a = in",
  "a = for",
  "a = {b={c={}}}",
];

/** Files in which everything that the grammar knows stands next to each other. */
export const DOCUMENTS: readonly string[] = [
  `# expressions
locals {
  sums     = 1 + 2 * 3 - 4 / 5 % 6
  logic    = a && b || !c == (d != e)
  compare  = 1 < 2 ? "less" : 1 > 2 ? "more" : "same"
  negative = -x.y[0] - -1.5e+3
  list     = [1, "two", true, null, [], {},]
  map = {
    bare     = 1
    "quoted" : 2,
    (key)    = 3, "x\${y}" = 4
    nested   = { deep = { deeper = [[[]]] } }
  }
  call  = max(1, min(2, 3), list...)
  index = a.b[0]["c"].0.d[e.f]
  splat = [a.*.b.c, a[*].b[0].c[*].d, a.*[0]]
  built = [for i, v in list : "\${i}-\${v}" if v != ""]
  keyed = { for k, v in map : upper(k) => v... if k != "x" }
}
`,
  `/* templates */
a = "plain \\"quoted\\" \\u00e9 $\${not} %%{this} $ % $x"
b = "\${a}-\${~ b ~}-\${ "inner \${deep} text" }"
c = "%{ if x }yes%{ else }no%{ endif } %{ for k, v in m }\${k}=\${v};%{ endfor }"
d = <<EOT
first \${line}
  %{~ for x in xs ~}
  item \${x}
  %{~ endfor ~}
EOT
e = <<-END-1
    indented
      more

    \${less}
    END-1
f = [<<A
x
A
, <<-B
  y
  B
]
g = "\${
  multi
}"
`,
  `// blocks
job "a" "b" c {
  empty {}
  one { x = 1 } # comment

  network {
    mode = "bridge"
    port "http" { to = 80 }
    port "static" {
      static = 8080
    }
  }

  meta = { a = 1, b = "2" }
  env {
    PATH = "/bin:\${PATH}"
    LIST = [
      1,
      2, # two
      // three
      3
    ]
    COND = x ? (
      y
    ) : z
  }
}
other_block "label" {
  nested "deeper" { }
}
`,
  'crlf = 1\r\nblock {\r\n  a = "x"\r\n  b = <<E\r\n  text\r\nE\r\n}\r\n',
];
