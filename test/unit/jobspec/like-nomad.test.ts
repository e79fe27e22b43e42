/** Small things that are read and printed as Nomad 1.3 does. */
import { describe, expect, test } from "vitest";
import { parseJobFile } from "../../../src/jobspec/parse.ts";
import { canonicalJob } from "../../../src/jobspec/canonical/job.ts";
import { first, groupText, jobOf, jobText, serviceText, summariesOf, taskText } from "./support.ts";

function printedGroup(text: string): Record<string, unknown> {
  const { checked, diagnostics } = parseJobFile("job.hcl", text);
  if (checked === undefined) throw new Error(diagnostics.map(({ summary }) => summary).join("\n"));
  return JSON.parse(JSON.stringify(canonicalJob(checked))).TaskGroups[0];
}

function envOf(entries: string): unknown {
  return jobOf(taskText(`env = { ${entries} }`)).groups[0]?.tasks[0]?.env;
}

const TASK = 'task "t" {\n driver = "docker"\n config {\n image = "i"\n }\n}';

function checkText(lines: string): string {
  return serviceText(
    `name = "s"\nport = "http"\ncheck {\n path = "/"\n interval = "10s"\n timeout = "1s"\n${lines}\n}`,
  );
}

describe("a check", () => {
  test("has its type in letters of either case, and is printed as it is written", () => {
    const text = checkText('type = "HTTP"');
    expect(first(jobOf(text).groups[0]?.services ?? []).checks[0]?.type).toBe("http");
    expect(printedGroup(text)).toMatchObject({ Services: [{ Checks: [{ Type: "HTTP" }] }] });
  });

  test("of the type SCRIPT is left out like one of the type script", () => {
    expect(jobOf(checkText('type = "SCRIPT"\ncommand = "x"\ntask = "t"')).groups[0]?.services[0]?.checks).toEqual([]);
  });

  test("takes null for the values of a header", () => {
    const text = checkText('type = "http"\nheader {\n A = null\n B = ["x"]\n}');
    expect(jobOf(text).groups[0]?.services[0]?.checks[0]?.header).toEqual({ B: ["x"] });
    expect(printedGroup(text)).toMatchObject({ Services: [{ Checks: [{ Header: { A: null, B: ["x"] } }] }] });
  });
});

describe("texts", () => {
  test("are in Unicode's form NFC, also where they are joined and as keys", () => {
    expect(envOf('A = "e${"\\u0301"}", "e${"\\u0301"}" = 1')).toEqual({ A: "\u00e9", "\u00e9": "1" });
  });

  test.each([
    ["x${ NOMAD_DC }y", "x${ NOMAD_DC }y"],
    ["x ${~ NOMAD_DC  } y", "x${NOMAD_DC} y"],
    ["x ${  NOMAD_DC  ~} y", "x ${  NOMAD_DC}y"],
  ])("%j keeps of its reference %j", (written, kept) => {
    expect(envOf(`A = "${written}"`)).toEqual({ A: kept });
  });
});

test("a job with an id keeps its label as its name", () => {
  expect(jobOf(jobText(TASK, 'id = "x"'))).toMatchObject({ id: "x", name: "j" });
});

test("the description of a variable is made a string", () => {
  expect(summariesOf(`variable "x" {\n default = 1\n description = 5\n}\n${groupText("")}`)).toEqual([]);
});

describe("a label is refused", () => {
  test("at the content of a dynamic block", () => {
    const port = 'dynamic "port" {\n for_each = ["a"]\n labels = [port.value]\n content "x" {}\n}';
    expect(summariesOf(groupText(`network {\n ${port}\n}`))).toEqual(["A content block has no name"]);
  });

  test("at a validation block", () => {
    const validation = 'validation "y" {\n condition = var.x == 1\n error_message = "It is one."\n}';
    const text = `variable "x" {\n default = 1\n ${validation}\n}\n${groupText("")}`;
    expect(summariesOf(text)).toEqual(["A validation block has no name"]);
  });
});

test("an empty text where one can be chosen is as good as none, without a warning", () => {
  const check = 'check {\n type = "http"\n path = "/"\n interval = "10s"\n timeout = "1s"\n on_update = ""\n}';
  const text = serviceText(`name = "s"\nport = "http"\naddress_mode = ""\nprovider = ""\non_update = ""\n${check}`);
  expect(parseJobFile("job.hcl", text).diagnostics).toEqual([]);
  expect(printedGroup(text)).toMatchObject({
    Services: [{ AddressMode: "auto", Provider: "consul", OnUpdate: "require_healthy" }],
  });
});

describe("the API JSON", () => {
  test("keeps an empty mode of an artifact", () => {
    const text = taskText('artifact {\n source = "https://a/b"\n mode = ""\n}');
    expect(printedGroup(text)).toMatchObject({ Tasks: [{ Artifacts: [{ GetterMode: "" }] }] });
  });

  test("keeps an empty propagation_mode", () => {
    const mount = 'volume_mount {\n volume = "v"\n destination = "/v"\n propagation_mode = ""\n}';
    const text = taskText(mount).replace('task "t"', 'volume "v" {\n type = "host"\n source = "v"\n}\n task "t"');
    expect(printedGroup(text)).toMatchObject({ Tasks: [{ VolumeMounts: [{ PropagationMode: "" }] }] });
  });

  test("has neither empty metadata nor unknown cores in a sidecar's task", () => {
    const connect = "connect {\n sidecar_service {}\n sidecar_task {\n meta {}\n resources {\n cpu = 50\n }\n }\n}";
    const sidecar = { Meta: null, Resources: { CPU: 50, Cores: 0 } };
    expect(printedGroup(serviceText(`name = "s"\nport = "http"\n${connect}`))).toMatchObject({
      Services: [{ Connect: { SidecarTask: sidecar } }],
    });
  });
});

test("a group for a gateway alone is refused for that", () => {
  const service = 'service {\n name = "s"\n connect {\n gateway {\n ingress {}\n }\n }\n}';
  expect(summariesOf(jobText(service))).toContain('The gateway of the group "g" cannot be run yet');
});
