/** Every function: its values, checked against Nomad's, and what it says of arguments that it cannot take. */
import { describe, expect, test } from "vitest";
import { LAZY_FUNCTIONS } from "../../../../src/jobspec/functions/lazy.ts";
import { FUNCTIONS } from "../../../../src/jobspec/functions/table.ts";
import { evaluated } from "../support.ts";
import { CASES } from "./cases.ts";
import { problemOf } from "./support.ts";

/** The functions of Nomad 1.3. */
const NAMES =
  "abs abspath base64decode base64encode basename bcrypt can ceil chomp chunklist cidrhost cidrnetmask cidrsubnet cidrsubnets " +
  "coalesce coalescelist compact concat contains convert csvdecode dirname distinct element file filebase64 fileexists fileset " +
  "flatten floor format formatdate formatlist indent index join jsondecode jsonencode keys length log lookup lower max md5 " +
  "merge min parseint pathexpand pow range regex_replace replace reverse rsadecrypt setintersection setproduct setunion sha1 " +
  "sha256 sha512 signum slice sort split strrev substr timeadd title trim trimprefix trimspace trimsuffix try upper urlencode " +
  "uuidv4 uuidv5 values yamldecode yamlencode zipmap";

test("every function of Nomad is there, and no other", () => {
  expect([...FUNCTIONS.keys(), ...LAZY_FUNCTIONS.map(({ name }) => name)].toSorted()).toEqual(NAMES.split(" "));
});

describe.each(Object.entries(CASES))("%s gives what Nomad gives:", (_, cases) => {
  test.each(cases)("%s", (call, value) => {
    expect(evaluated(call)).toEqual(value);
  });
});

describe("a call with wrong arguments is refused at the one that is wrong", () => {
  const REFUSED: readonly (readonly [call: string, place: string, summary: string])[] = [
    ["upper()", "upper()", "upper() takes 1 argument, not 0"],
    ['upper("a", "b")', '"b"', "upper() takes 1 argument, not 2"],
    ['substr("a", 1)', 'substr("a", 1)', "substr() takes 3 arguments, not 2"],
    ["join()", "join()", "join() takes at least 1 argument, not 0"],
    ["uuidv4(1)", "1", "uuidv4() takes no arguments, not 1"],
    ["upper(null)", "null", 'The argument "text" of upper() must not be null'],
    ["upper([])", "[]", 'The argument "text" of upper() must be a string, not a list'],
    ['abs("x")', '"x"', 'The argument "number" of abs() must be a number, not "x"'],
    ["signum(1.5)", "1.5", 'The argument "number" of signum() must be a whole number, not 1.5'],
    ['sort(["a", ["b"]])', '["a", ["b"]]', 'The argument "list" of sort() must be a list of strings, not a list'],
    ["distinct([1, true])", "[1, true]", 'The argument "list" of distinct() must be a list, not a list'],
    ['keys(["a"])', '["a"]', 'The argument "map" of keys() must be a map, not a list'],
    ['flatten("a")', '"a"', 'The argument "list" of flatten() must be a list, not "a"'],
    ["max()", "max()", "max() takes at least 1 argument"],
    ['max(1, "b")', '"b"', 'The argument "numbers" of max() must be a number, not "b"'],
    ['parseint("12", 1)', "1", "The base of parseint() is 2 to 62, not 1"],
    ['parseint("12", 2)', '"12"', '"12" is not a whole number in base 2'],
    ["parseint(12, 10)", "12", "parseint() reads a string, and this is none"],
    ["log(0, 10)", "log(0, 10)", "The result of log() is not a finite number"],
    ["pow(10, 400)", "pow(10, 400)", "The result of pow() is not a finite number"],
    ['indent(-1, "a")', "-1", "indent() cannot move by -1 spaces"],
    ['join(",", ["a", null])', '["a", null]', "join() cannot take null: it is item 1, counted from 0"],
    ['join(",")', 'join(",")', "join() takes at least one list"],
    ["sort([null])", "[null]", "sort() cannot take null: it is item 0, counted from 0"],
    ['format("%d", "x")', '"%d"', "%d of format() needs a number, not a string"],
    ['format("%d", 1.5)', '"%d"', "%d of format() needs a whole number"],
    ['format("%t", "yes")', '"%t"', "%t of format() needs true or false, not a string"],
    ['format("%s", [])', '"%s"', "%s of format() needs a string, not a list"],
    ['format("%s", null)', '"%s"', "format() cannot write null as %s"],
    ['format("%z", 1)', '"%z"', "format() has no verb %z"],
    ['format("%s")', '"%s"', "The format of format() has no value for %s"],
    ['format("%[3]s", 1)', '"%[3]s"', "The format of format() has no value for %[3]s"],
    ['format("a", 1)', "1", "The format of format() has no use for this value"],
    ['format("100%", 1)', '"100%"', 'The format of format() has no verb after the percent sign of "%"'],
    ['formatlist("%s%s", ["a"], ["b", "c"])', '["b", "c"]', "A list of formatlist() has 2 items, and one before it 1"],
    ["chunklist([1], -1)", "-1", "chunklist() cannot make lists of -1"],
    ["coalescelist([])", "coalescelist([])", "coalescelist() finds no list that has an item"],
    ['coalescelist("a")', '"a"', "coalescelist() takes lists only"],
    ["concat()", "concat()", "concat() takes at least one list"],
    ["element([], 0)", "[]", "element() cannot choose from an empty list"],
    ["element([1], -1)", "-1", "The index of element() cannot be negative"],
    ['element(setunion(["a"]), 0)', 'setunion(["a"])', "element() takes no sets, because their items have no order"],
    ["index([1], 1)", "1", "There is no item 1 in this list"],
    ['index(["a"], "0")', '"0"', "The index of a list is a number"],
    ['index({ a = 1 }, "a")', "{ a = 1 }", "index() takes a list or a map"],
    ['length("abc")', '"abc"', "length() counts the items of a list or a map"],
    ["range(5, 1, 1)", "1", "range() does not get from 5 to 1 in steps of 1"],
    ["range(1, 2, 3, 4)", "4", "range() takes 1, 2 or 3 numbers"],
    ["range(1025)", "range(1025)", "range() makes 1024 numbers at most"],
    ["slice([1], 0, 2)", "2", "slice() cannot end at 2"],
    ["slice([1, 2], 2, 1)", "2", "slice() cannot start at 2 to end at 1"],
    ['setunion(["a"], [[]])', 'setunion(["a"], [[]])', "The sets of setunion() have no type in common"],
    ["setproduct([1])", "setproduct([1])", "setproduct() takes at least 2 sets"],
    ["coalesce(1, [])", "coalesce(1, [])", "The values of coalesce() have no type in common"],
    ["coalesce(null)", "coalesce(null)", "coalesce() finds no value that is not null"],
    ['merge({}, "a")', '"a"', "merge() takes maps only"],
    ['zipmap(["a"], [])', "[]", "zipmap() has 1 keys for 0 values"],
    ["zipmap([null], [1])", "[null]", "A key of zipmap() must not be null: it is item 0, counted from 0"],
    ['base64decode("SGVsbG8")', '"SGVsbG8"', "base64decode() needs Base64 with its padding"],
    ['base64decode("/w==")', '"/w=="', "What base64decode() finds is not text in UTF-8"],
    ['csvdecode("")', '""', "csvdecode() needs a first line with the names of the columns"],
    ['csvdecode("a,a\\n")', '"a,a\\n"', 'The column "a" of csvdecode() is there twice'],
    ['csvdecode("a\\n1,2")', '"a\\n1,2"', "Record 2 of csvdecode() has 2 fields, and the first has 1"],
    [
      'csvdecode("a\\nx\\"y")',
      '"a\\nx\\"y"',
      "This cannot be read as CSV: line 2 has a quotation mark inside a field that does not start with one",
    ],
    ['jsondecode("[1,]")', '"[1,]"', 'This cannot be read as JSON: it has "]" where another item is expected'],
    ['jsondecode("")', '""', "This cannot be read as JSON: it has the end where a value is expected"],
    ['jsondecode("1 2")', '"1 2"', 'This cannot be read as JSON: it has "2" where the end is expected'],
    [
      'yamldecode("a: *b")',
      '"a: *b"',
      'This cannot be read as YAML: it has no anchor "b" before an alias of that name',
    ],
    ['yamldecode("")', '""', "This cannot be read as YAML: it is empty"],
    ['yamldecode("!foo a")', '"!foo a"', "This cannot be read as YAML: it has the tag !foo, which is not known"],
    [
      'formatdate("YYYY", "2018-02-30T00:00:00Z")',
      '"2018-02-30T00:00:00Z"',
      'formatdate() needs a time as in RFC 3339, not "2018-02-30T00:00:00Z"',
    ],
    ['formatdate("YYY", "2018-02-03T00:00:00Z")', '"YYY"', 'formatdate() has no part "YYY"'],
    [
      'formatdate("\'a", "2018-02-03T00:00:00Z")',
      '"\'a"',
      "A text in the format of formatdate() lacks its closing quote",
    ],
    ['timeadd("2018-02-03T00:00:00Z", "1d")', '"1d"', '"1d" is not a duration'],
    ['bcrypt("a", 13)', "13", "A cost of 13 takes bcrypt() too long: job files are read again and again"],
    ['bcrypt("a", 32)', "32", "The cost of bcrypt() is 4 to 31, not 32"],
    ['uuidv5("foo", "a")', '"foo"', 'uuidv5() has no namespace "foo"'],
    ['cidrhost("10.0.0.0/8", 16777216)', "16777216", "The network 10.0.0.0/8 has no host 16777216"],
    ['cidrhost("10.0.0.1", 1)', '"10.0.0.1"', 'cidrhost() needs a network, not "10.0.0.1"'],
    ['cidrnetmask("10.0.0.01/8")', '"10.0.0.01/8"', 'cidrnetmask() needs a network, not "10.0.0.01/8"'],
    ['cidrsubnet("10.0.0.0/8", 4, 16)', "16", "cidrsubnet() has no network 16 with 4 more bits"],
    ['cidrsubnet("10.0.0.0/8", 25, 0)', "25", "A prefix of 33 bits is too long: addresses have 32"],
    ['cidrsubnets("10.0.0.0/8", 1, 1, 1)', "1", "The network 10.0.0.0/8 has no room left for this one"],
    [
      'regex_replace("a", "(", "")',
      '"("',
      "The pattern of regex_replace() is not a regular expression: missing closing ): `(`",
    ],
    [
      'regex_replace("a", "a(?=b)", "")',
      '"a(?=b)"',
      "The pattern of regex_replace() is not a regular expression: invalid or unsupported Perl syntax: `(?=`",
    ],
    ['pathexpand("~/x")', '"~/x"', "pathexpand() knows no home directory"],
    ["try(upper([]), abs([]))", "try(upper([]), abs([]))", "No argument of try() can be evaluated"],
    ["try()", "try()", "try() takes at least 1 argument"],
    ["can(1, 2)", "can(1, 2)", "can() takes 1 argument, not 2"],
    ['convert("a", number)', '"a"', "number is wanted, not a string"],
    ['convert("a", strin)', "strin", 'There is no type "strin"'],
    ["max(1...)", "1", "Only a list can stand before ..., not a number"],
    ['uper("a")', "uper", "There is no function uper()"],
  ];

  test.each(REFUSED)("%s", (call, place, summary) => {
    const { summary: told, source } = problemOf(call);
    expect({ told, source }).toEqual({ told: summary, source: place });
  });

  test("with what was probably meant", () => {
    expect(problemOf('uper("a")').detail).toBe('Did you mean "upper"?');
    expect(problemOf("conver(1, string)").detail).toBe('Did you mean "convert"?');
  });

  test("try tells the reasons of all its arguments", () => {
    expect(problemOf("try(upper([]), [][0])").detail).toBe(
      'The argument "text" of upper() must be a string, not a list; There is no item 0 in this list',
    );
  });

  test("a name that the task alone knows is told of where a number is wanted", () => {
    expect(problemOf("abs(attr.cpu.numcores)").detail).toBe(
      "A name like this gets its value only when the task starts",
    );
  });
});

test("a result stands where the call stands", () => {
  expect(problemOf('abs(upper("a"))').source).toBe('upper("a")');
  expect(problemOf('convert(split(",", "a,b"), number)').source).toBe('split(",", "a,b")');
});
