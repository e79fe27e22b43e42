/** What people get wrong in YAML, and in Nomad's API JSON: each error has its place, and says what to do. */
import { describe, expect, test } from "vitest";
import { parseJobFile } from "../../../src/jobspec/parse.ts";
import { jobOf } from "./support.ts";

const JOB = `job:
  j:
    datacenters: [dc1]
    group:
      g:
        network:
          mode: bridge
          port:
            http: {to: 80}
        service:
          name: a
          port: http
        task:
          t:
            driver: docker
            config:
              image: i
`;

/** The errors of a file: where, what, and what to do. */
function errors(text: string, file = "job.yaml"): readonly string[] {
  const { diagnostics } = parseJobFile(file, text);
  return diagnostics
    .filter(({ severity }) => severity === "error")
    .map(
      ({ line, column, summary, detail }) =>
        `${line}:${column} ${summary}${detail === undefined ? "" : ` | ${detail}`}`,
    );
}

const edited = (from: string, to: string): string => JOB.replace(from, to);

test("the job that the cases start from is right", () => {
  expect(errors(JOB)).toEqual([]);
});

describe("the YAML itself", () => {
  const together =
    '11:17 A key with a value cannot stand inside a value on one line | Write a text that holds ": " in quotes; else the line after this one is indented too far';
  const uneven =
    "This line starts neither where its neighbours start nor deeper | All keys of a map, and all items of a list, start at one column";
  const noColon = '11:11 A colon and a space are missing in this line | Write "key: value"';
  test.each([
    [
      "a tab",
      edited("        service:", "\tservice:"),
      "10:1 Tabs are not allowed as indentation | Indent with spaces",
    ],
    [
      "a line that is indented too little",
      edited("          port: http\n", "         port: http\n"),
      `12:10 ${uneven}`,
    ],
    ["a line that is indented too much", edited("          port: http\n", "            port: http\n"), together],
    ["a list that turns into a map", edited("          name: a", "          - name: a"), `12:11 ${uneven}`],
    ["a colon in a text", edited("name: a", "name: a: b"), together],
    ["no space after a colon", edited("name: a", "name:a"), noColon],
    ["no colon", edited("name: a", "name"), noColon],
    [
      "a string that is not closed",
      edited("name: a", 'name: "a'),
      "11:17 This string is not closed | Close the string; one that goes on over several lines is indented deeper than its key",
    ],
    [
      "a brace that is not closed",
      edited("{to: 80}", "{to: 80"),
      "10:9 A } is missing before this, or the line is not indented deeper than the key before it",
    ],
    [
      "a star",
      edited("name: a", "name: *"),
      "11:17 A * starts an alias, and its name is missing | Write a text in quotes",
    ],
    ["an at sign", edited("name: a", "name: @a"), "11:17 A text cannot start with @ | Write it in quotes"],
    [
      "a backslash in double quotes",
      edited("name: a", 'name: "C:\\path"'),
      "11:20 Invalid escape sequence \\p | In double quotes a backslash is written \\\\; in single quotes it stands for itself",
    ],
    [
      "a tag",
      edited("name: a", "name: !ref a"),
      "11:17 Unresolved tag: !ref | Job files have no tags: take it out, or write the text in quotes",
    ],
    [
      "a merge key",
      edited("name: a", "<<: {}"),
      "11:11 Merge keys (<<) are not part of YAML 1.2, and are not read | Write out what it would bring in, or use an alias for a whole value",
    ],
    [
      "a list before the job",
      `- x\n${JOB}`,
      "2:1 This does not belong to what stands before it | Look at its indentation, and at the quotes and brackets before it",
    ],
    ["a second document", `${JOB}---\n${JOB}`, "18:1 A job file holds one YAML document, and a second one starts here"],
    ["a second job in the file", `${JOB}  k: {}\n`, "18:3 A file holds one job | Put this one into a file of its own"],
    [
      "a key that is set twice",
      `${JOB}        network: {}\n`,
      '18:9 The key "network" is set twice | Remove one of the two',
    ],
    ["nothing at all", "", "1:1 There is no job in this file | Write job: {NAME: {…}}"],
    ["only a comment", "# x\n", "1:1 There is no job in this file | Write job: {NAME: {…}}"],
    ["a list", "- a\n", '1:1 A job file holds a map with the key "job", not a list | Write job: {NAME: {…}}'],
    [
      "HCL",
      'job "x" {\n}\n',
      '1:1 A job file holds a map with the key "job", not a string | A file of HCL has a name that ends in .hcl or .nomad',
    ],
  ])("%s", (_name, text, error) => {
    expect(errors(text)).toContain(error);
  });

  test("a key that is set twice shows the first one, too", () => {
    const [problem] = parseJobFile("job.yaml", `${JOB}        network: {}\n`).diagnostics;
    expect(problem?.related).toMatchObject({
      line: 6,
      column: 9,
      summary: "First set here",
      snippet: "        network:",
    });
  });

  test("lines that end in a carriage return, and characters of two units, shift no place", () => {
    const text = edited("name: a", "name: a # ä😀").replace("port: http", "tags: [😀, [x]]").replaceAll("\n", "\r\n");
    expect(errors(text)).toContain('12:21 "tags" needs a list of strings, and this is a list');
  });
});

describe("a string over several lines has its errors on their own line", () => {
  const unknown = 'In this string: There is no variable "x" | Declare it: variable "x" {}';
  test.each([
    [
      "kept line ends",
      '|\n            one\n               it\'s "deeper"\n\n            two ${var.x}',
      `15:19 ${unknown}`,
    ],
    ["folded lines", ">-\n            one\n            two\n            three ${var.x}", `14:21 ${unknown}`],
    ["double quotes", '"a \\" b\n            two ${var.x}"', `12:19 ${unknown}`],
    ["single quotes", "'it''s\n            two ${var.x}'", `12:19 ${unknown}`],
    ["no quotes", "one\n            two ${var.x}", `12:19 ${unknown}`],
    ["an escape that is longer than its character", '"\\u0041\n            ${var.x}"', `11:17 ${unknown}`],
  ])("with %s", (_name, string, error) => {
    expect(errors(edited("name: a", `name: ${string}`))).toContain(error);
  });
});

describe("what anchors stand for", () => {
  test("is wrong where the alias is, if it does not belong there", () => {
    const text = edited("[dc1]", "&d [dc1]").replace("        network:", "        count: *d\n        network:");
    expect(errors(text)).toEqual(['6:16 "count" needs a whole number, not a list']);
  });

  test("is wrong at the anchor, and once, if something in it is", () => {
    const text = edited("t:\n            driver", "t: &t\n            drivr: docker\n            driver");
    expect(errors(`${text}          u: *t\n`)).toEqual([
      '15:13 There is no argument "drivr" in a task block | Did you mean "driver"?',
    ]);
  });
});

describe("scalars are those of YAML 1.2", () => {
  test("on, off, yes and no are texts, and numbers keep what was written where a text is wanted", () => {
    const env = "env: {A: yes, B: on, C: off, D: no, E: 010, F: 0o10, G: 1_000, H: 1.10, I: 2024-01-01}";
    const { env: given } = taskOf2(edited("            config:", `            ${env}\n            config:`));
    expect(given).toMatchObject({ A: "yes", B: "on", C: "off", D: "no", E: "010", F: "0o10", G: "1_000", H: "1.10" });
    expect(given).toHaveProperty("I", "2024-01-01");
  });

  test("a port may stand without quotes, 0o is octal and a leading zero is none", () => {
    const text = edited("port: http", "port: 9001").replace("{to: 80}", "{to: 0o120}");
    const [group] = jobOf(text.replace("        network:", "        count: 010\n        network:"), "job.yaml").groups;
    expect(group).toMatchObject({ count: 10, services: [{ port: "9001" }], network: { ports: [{ to: 80 }] } });
  });

  test.each([
    [
      "yes is not true",
      edited("driver: docker", "leader: yes\n            driver: docker"),
      '15:21 "leader" needs true or false, not "yes"',
    ],
    [
      "a tilde is nothing",
      edited("image: i", "image: i\n              args: [~]"),
      '18:22 "args" needs a list of strings, and this is null',
    ],
    [
      "nothing is no block",
      edited("          name: a\n          port: http\n", ""),
      '10:9 "service" needs a map here, not null | Write {} for an empty block',
    ],
  ])("%s", (_name, text, error) => {
    expect(errors(text)).toContain(error);
  });

  function taskOf2(text: string) {
    const task = jobOf(text, "job.yaml").groups[0]?.tasks[0];
    if (task === undefined) throw new Error("there is no task");
    return task;
  }
});

describe("labels", () => {
  test("that are missing are what the keys in their place are taken for", () => {
    const text = "job:\n  datacenters: [dc1]\n";
    expect(errors(text)).toEqual([
      '2:17 "job" needs a map here, not a string | "datacenters" is read as its name: write job: {NAME: {…}}',
    ]);
  });
});

describe("Nomad's API JSON", () => {
  const api = (inside: string, group = ""): string =>
    `{"Job": {"ID": "j", "Datacenters": ["dc1"],\n ${inside}\n "TaskGroups": [{"Name": "g",\n ${group}\n` +
    ` "Tasks": [{"Name": "t", "Driver": "docker", "Config": {"image": "i"}}]}]}}`;

  test.each([
    [
      "a misspelt name",
      api('"Nmae": "x",'),
      '2:2 There is no "Nmae" in Nomad\'s API for a job block | Did you mean "Name"?',
    ],
    [
      "the name in files",
      api('"type": "service",'),
      '2:2 There is no "type" in Nomad\'s API for a job block | Did you mean "Type"?',
    ],
    [
      "a misspelt name in a group",
      api("", '"Cuont": 1,'),
      '4:2 There is no "Cuont" in Nomad\'s API for a group block | Did you mean "Count"?',
    ],
    ["a value of a wrong type", api("", '"Count": "two",'), '4:11 "count" needs a whole number, not "two"'],
    [
      "a duration without a unit",
      api("", '"ShutdownDelay": "10",'),
      '4:19 "shutdown_delay" needs a duration such as "30s" or "1m30s", not "10"',
    ],
    [
      "what is refused",
      api('"Periodic": {},'),
      "2:2 A periodic job cannot be run | Services are kept running and nothing is started by the clock: take periodic out, or leave the job to cron",
    ],
    [
      "something beside the job",
      '{"Job": {"ID": "j"},\n "Evil": 1}',
      '2:2 There is no "Evil" beside "Job" in Nomad\'s API',
    ],
    [
      "no wrapping",
      '{"ID": "j",\n "TaskGroups": []}',
      '2:2 This is the job of Nomad\'s API without its wrapping | Write {"Job": {…}} around it',
    ],
    ["no id", '{"Job":\n {"Name": "j"}}', '2:2 A job needs an "ID", a string'],
    ["no map", '{\n"Job": []}', '2:1 "Job" needs a map, not a list'],
  ])("with %s", (_name, text, error) => {
    expect(errors(text, "job.json")).toContain(error);
  });

  test("may be written as YAML, too, with the same places", () => {
    const text = "Job:\n  ID: j\n  Datacenters: [dc1]\n  TaskGroups:\n    - Name: g\n      Cuont: 1\n";
    expect(errors(text)).toContain('6:7 There is no "Cuont" in Nomad\'s API for a group block | Did you mean "Count"?');
  });
});
