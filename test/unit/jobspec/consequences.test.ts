/** What a mistake leaves unknown is not judged: no error and no warning is only the consequence of another. */
import { describe, expect, test } from "vitest";
import { parseJobFile } from "../../../src/jobspec/parse.ts";
import { groupText, jobText, serviceText, summariesOf } from "./support.ts";

/** All sentences, those of warnings too. */
function told(text: string): string[] {
  return parseJobFile("job.hcl", text).diagnostics.map(({ summary }) => summary);
}

const TASK = 'task "t" {\n driver = "docker"\n config {\n image = "i"\n }\n env {\n A = "${NOMAD_PORT_web}"\n }\n}';
const CHECK = 'check {\n type = "http"\n path = "/"\n interval = "10s"\n timeout = "1s"\n}';

function networkText(network: string): string {
  return jobText(`network {\n mode = "bridge"\n ${network}\n}\nservice {\n name = "s"\n port = "web"\n}\n${TASK}`);
}

describe("a value that is in error", () => {
  test("is not judged by what could be read of it", () => {
    const check = 'check {\n type = "http"\n path = "/"\n interval = 10x\n timeout = "1s"\n}';
    expect(told(serviceText(`name = "s"\nport = "http"\n${check}`))).toEqual([
      "A new line is expected after the argument",
    ]);
  });

  test("leaves the port of a check unknown", () => {
    expect(told(serviceText(`name = "s"\nport = var.x\n${CHECK}`))).toEqual(['There is no variable "x"']);
  });

  test("leaves the names of services unknown, which may differ", () => {
    const services = "service {\n name = var.x\n}\nservice {\n name = var.y\n}";
    expect(told(groupText(services))).toEqual(['There is no variable "x"', 'There is no variable "y"']);
  });

  test("leaves the mode of the network unknown", () => {
    const connect = 'service {\n name = "s"\n port = "8080"\n connect {\n sidecar_service {}\n }\n}';
    expect(told(groupText(`network {\n mode = "brigde"\n}\n${connect}`))).toEqual(['mode "brigde" does not exist']);
  });
});

describe("ports that cannot be read", () => {
  test.each([
    ["in a dynamic block", 'dynamic "port" {\n for_each = var.ports\n content {}\n}', 'There is no variable "ports"'],
    ["in a misspelt block", 'prot "web" {}', 'There is no block "prot" in a network block'],
    ["by a template in their name", 'port "w${1}" {}', "A label is plain text: it cannot hold a template"],
  ])("%s are not missed elsewhere", (_, network, summary) => {
    expect(told(networkText(network))).toEqual([summary]);
  });

  test.each([
    ["by a template in their name that is none", '{"web${": {}}', "In this string: A value is expected here"],
    ["because they are no maps", '{"web": 5}', '"port" needs a map here'],
  ])("%s are not missed in a JSON file", (_, ports, summary) => {
    const task = '{"t": {"driver": "docker", "config": {"image": "i"}}}';
    const group = `{"network": {"port": ${ports}}, "service": {"name": "s", "port": "web"}, "task": ${task}}`;
    const text = `{"job": {"j": {"datacenters": ["dc1"], "group": {"g": ${group}}}}}`;
    const { diagnostics } = parseJobFile("job.json", text);
    expect(diagnostics.map((diagnostic) => diagnostic.summary)).toEqual([expect.stringContaining(summary)]);
  });

  test("do not hide that a port is missing where all could be read", () => {
    expect(told(networkText('port "x" {}'))).toEqual([
      'The group\'s network has no port "web"',
      '"NOMAD_PORT_web" names no port of this group',
    ]);
  });
});

describe("a template in a label", () => {
  const LABEL = "A label is plain text: it cannot hold a template";

  test("does not hide the mistakes inside the block", () => {
    const text = jobText('task "t" {\n driver = "docker"\n}').replace('group "g"', 'group "g-${ "a ${b["x"]}" }"');
    expect(summariesOf(text)).toEqual([LABEL, 'The task "t" needs an image']);
  });

  test.each([
    ["job", 'job "${ a b }" {\n datacenters = ["dc1"]\n count = 1\n}', 'There is no argument "count" in a job block'],
    ["variable", 'variable "${ a b }" {\n default = 1\n}\nlocals {\n x = 10x\n}', "A new line is expected"],
  ])("of a %s is told once", (_, text, other) => {
    expect(summariesOf(text)).toEqual([LABEL, expect.stringContaining(other)]);
  });

  test("that does not end is told for itself", () => {
    expect(summariesOf('job "${a" {\n}\n')[0]).toBe(LABEL);
  });
});

describe("upstreams that cannot be read", () => {
  const named = (upstream: string) =>
    jobText(`network {\n mode = "bridge"\n}
service {
  name = "s"
  port = "80"
  connect {
    sidecar_service {
      proxy {
        upstreams {
          ${upstream}
          local_bind_port = 8080
        }
      }
    }
  }
}
${TASK.replace("NOMAD_PORT_web", "NOMAD_UPSTREAM_ADDR_api")}`);

  test.each([
    ["by a misspelt name", 'destintion_name = "api"', 'There is no argument "destintion_name" in an upstreams block'],
    ["by a value in error", "destination_name = local.api", 'There is no local "api"'],
    ["since there is none", "", "An upstreams block needs destination_name"],
  ])("%s are not missed elsewhere", (_, upstream, summary) => {
    expect(told(named(upstream))).toEqual([summary]);
  });

  test("do not hide that an upstream is missing where all could be read", () => {
    expect(told(named('destination_name = "abi"'))).toEqual([
      '"NOMAD_UPSTREAM_ADDR_api" names no upstream of this group',
    ]);
  });
});

test("of two networks, neither's mode is judged", () => {
  const connect = 'service {\n name = "s"\n port = "8080"\n connect {\n sidecar_service {}\n }\n}';
  const networks = 'network {\n mode = "host"\n}\nnetwork {\n mode = "bridge"\n}';
  expect(told(groupText(`${networks}\n${connect}`))).toEqual(["There can be only one network block here"]);
});

describe("what only a script check uses", () => {
  const script = 'command = "/bin/true"\n args = ["x"]\n task = "t"\n interval = "10s"\n timeout = "1s"';

  test("has no warning besides the one of a script check", () => {
    const check = `check {\n type = "script"\n ${script}\n}`;
    expect(told(serviceText(`name = "s"\nport = "http"\n${check}`))).toEqual([
      'type "script" has no effect yet in a check block',
    ]);
  });

  test("is not judged where the type of the check is in error", () => {
    const check = `check {\n type = "scirpt"\n ${script}\n}`;
    expect(told(serviceText(`name = "s"\nport = "http"\n${check}`))).toEqual(['type "scirpt" does not exist']);
  });

  test("has its warnings in other checks", () => {
    const check = 'check {\n type = "http"\n path = "/"\n command = "x"\n interval = "10s"\n timeout = "1s"\n}';
    expect(told(serviceText(`name = "s"\nport = "http"\n${check}`))).toEqual([
      '"command" has no effect yet in a check block',
    ]);
  });
});

test("the task of a service that is native to Connect has a warning that fits it", () => {
  const text = serviceText('name = "s"\nport = "http"\ntask = "t"\nconnect {\n native = true\n}');
  const { diagnostics } = parseJobFile("job.hcl", text);
  expect(diagnostics.map(({ severity, summary, detail }) => `${severity}: ${summary} | ${detail}`)).toEqual([
    'warning: "task" has no effect yet in a service block | Script checks and native Connect, which use it, are not done',
    expect.stringContaining('"native" has no effect yet in a connect block'),
  ]);
});
