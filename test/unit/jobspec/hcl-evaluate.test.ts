/** What HCL expressions evaluate to. */
import { describe, expect, test } from "vitest";
import { evaluated } from "./support.ts";

const VALUES: readonly (readonly [string, unknown])[] = [
  ["1 + 2 * 3", 7],
  ["(1 + 2) * 3", 9],
  ["10 - 4 - 3", 3],
  ["2 * 6 / 4", 3],
  ["7 % 4", 3],
  ["-7 % 4", -3],
  ['"5" + 1', 6],
  ["- -1", 1],
  ["!true || true", true],
  ["true || true && false", true],
  ["1 < 2 == true", true],
  ["1 <= 1 && 2 >= 3", false],
  ['1 == "1"', false],
  ["[1, [2]] == [1, [2]]", true],
  ["{a = 1, b = 2} == {b = 2, a = 1}", true],
  ["{a = 1} != {a = 1, b = 2}", true],
  ["null == null", true],
  ["false ? 1 : true ? 2 : 3", 2],
  ["true ? false ? 1 : 2 : 3", 2],
  ['true ? 1 : "x"', "1"],
  ["true ? null : 1", null],
  ["true ? 1 : [1][5]", 1],
  ['true ? 1 : "x${[]}"', "1"],
  ['true ? [1] : ["a"]', ["1"]],
  ['true ? [1] : ["a", 2]', ["1"]],
  ['true ? {a = 1} : {b = "x"}', { a: "1" }],
  ["0.1 + 0.2 == 0.3", true],
  ['"${0.1 + 0.2}!"', "0.3!"],
  ['"${12345678901234567890 * 10 + 1}!"', "123456789012345678901!"],
  ['"${12345678901234567890 / 10}!"', "1234567890123456789!"],
  ["12345678901234567890 == 12345678901234567891", false],
  ["12345678901234567890 < 12345678901234567891", true],
  ["[] == convert([], list(string))", false],
  ['[for k, v in convert(["b", "a", "b"], set(string)) : "${k}${v}"]', ["aa", "bb"]],
  ["convert([{a = 1}], list(object({a = string})))[*].a", ["1"]],
  ["{a = 1, a = 2}", { a: 2 }],
  ["[1, 2, 3][1]", 2],
  ['["a", "b"]["1"]', "b"],
  ["[1, 2].0", 1],
  ["{a = {b = 1}}.a.b", 1],
  ['{a = 1}["a"]', 1],
  ["{(1 + 1) = 2}", { "2": 2 }],
  ["{null = 1, true = 2}", { null: 1, true: 2 }],
  ["[{a = 1}, {a = 2}].*.a", [1, 2]],
  ["[{a = [1, 2]}, {a = [3, 4]}][*].a[0]", [1, 3]],
  ["[{a = 1}, {a = 2}].*.a[1]", 2],
  ["[[{a = 1}], [{a = 2}]][*][*].a", [[1], [2]]],
  ["null[*]", []],
  ['"x"[*]', ["x"]],
  ["[for x in [1, 2, 3] : x * 2 if x != 2]", [2, 6]],
  ['[for i, x in ["a", "b"] : "${i}${x}"]', ["0a", "1b"]],
  [
    "[for k, v in {b = 1, a = 2} : [k, v]]",
    [
      ["a", 2],
      ["b", 1],
    ],
  ],
  ['{for x in ["a", "b"] : x => 1}', { a: 1, b: 1 }],
  ["{for x in [1, 2, 3] : x % 2 => x...}", { "1": [1, 3], "0": [2] }],
  ["[for x in [1] : [for x in [2] : x]]", [[2]]],
  ["[for x in [[1, 2], [3]] : [for y in x : y + 1]]", [[2, 3], [4]]],
  ['"a${1}b${true}"', "a1btrue"],
  ['"${[1]}"', [1]],
  ['"%{ if true }yes%{ else }no%{ endif }"', "yes"],
  ['"%{ if false }yes%{ endif }."', "."],
  ['"%{ for i, x in ["a", "b"] }${i}=${x};%{ endfor }"', "0=a;1=b;"],
  ['"a ${~ 1 ~} b"', "a1b"],
  ['"a %{~ if true ~} b %{~ endif ~} c"', "abc"],
  ['"$${x} %%{y} $x $"', "${x} %{y} $x $"],
  ["<<E\na\n  b ${1}\nE", "a\n  b 1\n"],
  ["<<-E\n    a\n      b\n  E", "a\n  b\n"],
  ["<<-E\n    ${1}\n      b\n    E", "1\n  b\n"],
  ["<<-E\n    %{ for x in [1, 2] }\n    - ${x}\n    %{ endfor }\n  E", "\n- 1\n\n- 2\n\n"],
  // Where ~ took the line end away, what follows starts no line and keeps its indentation.
  ["<<-E\n  %{ for x in [1, 2] ~}\n  - ${x}\n  %{ endfor ~}\n  E", "  - 1\n  - 2\n"],
  ["<<-E\n \t${1 ~}\n2\nE", "12\n"],
  ["<<-E\n ${~ 1}\n {\nE", "1\n {\n"],
  ['"e\u0301"', "\u00E9"],
  ["<<E\n\\n $${x}\nE", "\\n ${x}\n"],
  ['"${1e21}."', "1000000000000000000000."],
  ['"${1.5e-7}."', "0.00000015."],
  ['"${-2.5e22}."', "-25000000000000000000000."],
];

test.each(VALUES)("%j", (text, value) => {
  expect(evaluated(text)).toEqual(value);
});

const KEPT: readonly (readonly [string, string])[] = [
  ["NOMAD_X", "${NOMAD_X}"],
  ["meta.a-b.c", "${meta.a-b.c}"],
  ['env["HOME"]', '${env["HOME"]}'],
  ["a.b[0].c", "${a.b[0].c}"],
  ["a . b", "${a . b}"],
  ['"http://${NOMAD_UPSTREAM_ADDR_count_api}/x"', "http://${NOMAD_UPSTREAM_ADDR_count_api}/x"],
  ['"${ NOMAD_X }"', "${ NOMAD_X }"],
  ['"a ${~ NOMAD_X ~} b"', "a${NOMAD_X}b"],
  ['"${ X}-${Y }"', "${ X}-${Y }"],
  ["[ X , Y][0]", "${X}"],
  [
    '"${NOMAD_PORT_http}-${attr.unique.hostname}-${meta.foo-bar}"',
    "${NOMAD_PORT_http}-${attr.unique.hostname}-${meta.foo-bar}",
  ],
  ["<<E\n${node.class}\nE", "${node.class}\n"],
  ["true ? NOMAD_X : 1", "${NOMAD_X}"],
];

test.each(KEPT)("%j keeps names that nobody knows yet as text", (text, value) => {
  expect(evaluated(text)).toBe(value);
});

test("a name that a for binds is known inside it only", () => {
  expect(evaluated("[[for x in [1] : x], x]")).toEqual([[1], "${x}"]);
});

describe("refuses", () => {
  const REFUSED: readonly (readonly [string, string])[] = [
    ["uper(x)", "There is no function uper()"],
    ["a::b(1)", "There is no function a::b()"],
    ["1 / 0", "Division by zero"],
    ["1 % 0", "Division by zero"],
    ["1e308 * 1e308", "The result is too large a number"],
    ["1e999", "The number 1e999 is too large"],
    ['1 + "x"', '"+" needs numbers, not a string'],
    ["NOMAD_X + 1", '"+" needs numbers, not a string'],
    ["[] && true", '"&&" needs true or false, not a list'],
    ["-true", '"-" needs a number, not true or false'],
    ["!1", '"!" needs true or false, not a number'],
    ["1 ? 2 : 3", "A condition must be true or false, not a number"],
    ['convert(["a"], set(string))[0]', "The items of a set have no order to choose by"],
    ['true ? [] : 1 == "x"[0]', "The two results of a conditional must be of one type"],
    ["true ? [] : 1", "The two results of a conditional must be of one type"],
    ["[1][1]", "There is no item 1 in this list"],
    ["[1][-1]", "There is no item -1 in this list"],
    ["[1][0.5]", "There is no item 0.5 in this list"],
    ["[1].a", 'There is no "a" in a list'],
    ["{name = 1}.nmae", 'There is no "nmae" in this map'],
    ["{a = 1}[[]]", "The key of a map is a string, not a list"],
    ["true[0]", "true or false has no parts to choose from"],
    ["x[y]", "a string has no parts to choose from"],
    ["{a.b = 1}", "This key is ambiguous"],
    ["{[] = 1}", "A key must be a string, not a list"],
    ["[for x in 1 : x]", 'A "for" needs a list or a map, not a number'],
    ["[for x in [1] : x if 1]", "A condition must be true or false, not a number"],
    ["{for x in [1, 1] : x => x}", 'Two items have the key "1"'],
    ['"a${[]}"', "Text cannot hold a list"],
    ['"a${null}"', "Text cannot hold null"],
    ['"%{ if 1 }%{ endif }"', "A condition must be true or false, not a number"],
  ];

  test.each(REFUSED)("%j", (text, summary) => {
    expect(() => evaluated(text)).toThrow(expect.objectContaining({ message: summary }));
  });
});

test("a sum of a hundred thousand terms is added up", () => {
  expect(evaluated(`1${"+1".repeat(99_999)}`)).toBe(100_000);
});
