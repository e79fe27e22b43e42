/** The rules that a job must keep to, each with the sentence that says so. */
import { describe, expect, test } from "vitest";
import { errorsOf, groupText, jobOf, jobText, serviceText, summariesOf, taskText } from "./support.ts";

const TASK = 'task "t" {\n driver = "docker"\n config {\n image = "i"\n}\n}';

function jobWith(line: string): string {
  return `job "j" {\n ${line}\n group "g" {\n ${TASK}\n }\n}\n`;
}

const DC = 'datacenters = ["dc1"]';

function check(inside: string, service = 'port = "http"'): string {
  return serviceText(`${service}\ncheck {\n${inside}\n}`);
}

function connect(sidecar: string, service = 'name = "web"\nport = 9001'): string {
  return serviceText(`${service}\nconnect {\n ${sidecar}\n}`);
}

function upstreams(...blocks: string[]): string {
  const all = blocks.map((block) => `upstreams {\n${block}\n}`).join("\n");
  return connect(`sidecar_service {\n proxy {\n ${all}\n }\n }`);
}

const REFUSED: Readonly<Record<string, readonly (readonly [string, readonly string[]])[]>> = {
  jobs: [
    [jobWith(""), ["A job needs datacenters"]],
    [
      jobText('task "t" {\n driver = "docker"\n config {\n image = "i"\n ports = ["http"]\n}\n}'),
      ['The group\'s network has no port "http"'],
    ],
    [jobWith("datacenters = []"), ["A job needs at least one datacenter"]],
    [jobWith('datacenters = ["dc1", ""]'), ["The name of a datacenter cannot be empty"]],
    [jobWith(`${DC}\n id = ""`), ["The name of a job cannot be empty"]],
    [jobWith(`${DC}\n id = "a b"`), ["The name of a job cannot contain spaces"]],
    [jobWith(`${DC}\n id = "a\\u0000b"`), ["The name of a job cannot contain control characters"]],
    [jobWith(`${DC}\n priority = 0`), ["priority must be between 1 and 100"]],
    [jobWith(`${DC}\n priority = 101`), ["priority must be between 1 and 100"]],
    [jobWith(`${DC}\n type = "batch"`), ["A batch job cannot be run"]],
    [jobWith(`${DC}\n type = "sevice"`), ['type "sevice" does not exist']],
    [`job "j" {\n ${DC}\n}\n`, ["A job needs at least one group"]],
    [jobText(TASK).replace(/\}\n$/, `group "g" {\n${TASK}\n}\n}\n`), ['There is another group "g"']],
  ],
  groups: [
    [jobText(""), ['The group "g" needs at least one task']],
    [groupText("").replace('group "g"', 'group ""'), ["The name of a group cannot be empty"]],
    [groupText("count = -1"), ["count cannot be negative"]],
    [groupText('shutdown_delay = "-1s"'), ["shutdown_delay cannot be negative"]],
    [groupText(TASK), ['There is another task "t" in this group']],
    [jobText(`count = 2\n${TASK}`, 'type = "system"'), ["A system job has one allocation per host"]],
    [jobText(`reschedule {}\n${TASK}`, 'type = "system"'), ["A system job cannot be rescheduled"]],
  ],
  networks: [
    [groupText('network {\n port "p" { static = -1 }\n}'), ["static must be between 1 and 65535"]],
    [groupText('network {\n port "p" { static = 65536 }\n}'), ["static must be between 1 and 65535"]],
    [groupText('network {\n port "p" { to = -2 }\n}'), ["to must be between -1 and 65535"]],
    [groupText('network {\n port "p" { to = 65536 }\n}'), ["to must be between -1 and 65535"]],
    [groupText('network {\n port "p" {}\n port "p" {}\n}'), ['There is another port "p" in this group']],
    [groupText('network {\n port "" {}\n}'), ["The label of a port cannot be empty"]],
    [
      groupText('network {\n port "a" { static = 80 }\n port "b" { static = 80 }\n}'),
      ['The static port 80 is taken already by group "g"'],
    ],
    [
      groupText('count = 2\nnetwork {\n port "a" { static = 80 }\n}'),
      ["2 allocations on one host cannot share the static port 80"],
    ],
    [groupText('network {\n mode = "birdge"\n}'), ['mode "birdge" does not exist']],
    [groupText('network {\n mode = "cni/x"\n}'), ["Networks of CNI plugins are not supported yet"]],
    [groupText('network {\n mode = "bridge"\n hostname = "a_b"\n}'), ['"a_b" is not a valid host name']],
    [groupText('network {\n hostname = "a"\n}'), ['A hostname needs a network of its own: mode = "bridge" or "none"']],
  ],
  policies: [
    [groupText('restart {\n interval = "4s"\n}'), ["The interval of a restart policy must be at least 5s"]],
    [
      groupText('restart {\n attempts = 10\n interval = "1m"\n delay = "30s"\n}'),
      ["So many restarts, with that delay, do not fit into the interval"],
    ],
    [
      groupText('restart {\n attempts = 0\n mode = "delay"\n}'),
      ['With attempts = 0 there is nothing to delay: mode must be "fail"'],
    ],
    [groupText("restart {\n attempts = -1\n}"), ["attempts cannot be negative"]],
    [taskText('restart {\n interval = "4s"\n}'), ["The interval of a restart policy must be at least 5s"]],
    [groupText('reschedule {\n delay = "1s"\n}'), ["The delay of a reschedule policy must be at least 5s"]],
    [groupText("reschedule {\n attempts = 3\n}"), ["Unlimited rescheduling cannot count its attempts"]],
    [groupText("reschedule {\n attempts = -1\n}"), ["attempts cannot be negative"]],
    [groupText('reschedule {\n max_delay = "10s"\n}'), ["max_delay cannot be shorter than delay"]],
  ],
  services: [
    [serviceText('name = "a_b"'), ['"a_b" cannot be the name of a service']],
    [serviceText('name = "-a"'), ['"-a" cannot be the name of a service']],
    [serviceText(`name = "${"a".repeat(64)}"`), [`"${"a".repeat(64)}" cannot be the name of a service`]],
    [serviceText('port = "htpp"'), ['The group\'s network has no port "htpp"']],
    [serviceText("port = 0"), ["There is no port 0"]],
    [serviceText("port = 65536"), ["There is no port 65536"]],
    [groupText("service {}\nservice {}"), ['There is another service "j-g" with the same port']],
    [
      taskText("service {\n connect {\n sidecar_service {}\n}\n}"),
      ["Only a service of the group can have a connect block"],
    ],
  ],
  checks: [
    [check('interval = "10s"\ntimeout = "2s"'), ["A check needs type"]],
    [check('type = "tcp"\ntimeout = "2s"'), ["A check needs interval"]],
    [check('type = "tcp"\ninterval = "10s"'), ["A check needs timeout"]],
    [check('type = "tcp"\ninterval = "10ms"\ntimeout = "2s"'), ["The interval of a check must be at least 1s"]],
    [check('type = "tcp"\ninterval = "10s"\ntimeout = "0s"'), ["The timeout of a check must be at least 1s"]],
    [check('type = "http"\ninterval = "10s"\ntimeout = "2s"'), ["An http check needs path"]],
    [
      check('type = "http"\npath = "http://x/"\ninterval = "10s"\ntimeout = "2s"'),
      ["The path of an http check is a path, not a URL"],
    ],
    [check('type = "http"\npath = ""\ninterval = "1s"\ntimeout = "2s"'), ["The path of an http check cannot be empty"]],
    [
      check('type = "tcp"\ninterval = "10s"\ntimeout = "2s"', ""),
      ["A check needs a port, and neither it nor its service has one"],
    ],
    [check('type = "tcp"\nport = "x"\ninterval = "10s"\ntimeout = "2s"'), ['The group\'s network has no port "x"']],
    [
      check('type = "tcp"\ninterval = "10s"\ntimeout = "2s"', "port = 1\nconnect {\n sidecar_service {}\n}"),
      ["A service with a sidecar cannot have a tcp check"],
    ],
    [
      check('type = "tcp"\ninterval = "10s"\ntimeout = "2s"\nsuccess_before_passing = -1'),
      ["success_before_passing cannot be negative"],
    ],
    [
      check('type = "tcp"\ninterval = "1s"\ntimeout = "2s"\n}\ncheck {\ntype = "tcp"\ninterval = "3s"\ntimeout = "2s"'),
      ['There is another check "service: "j-g" check" in this service'],
    ],
  ],
  "the mesh": [
    [connect(""), ["A connect block needs a sidecar_service block"]],
    [
      groupText("service {\n port = 1\n connect {\n sidecar_service {}\n }\n}"),
      ['Connect needs a bridge network, and group "g" has mode "host"'],
    ],
    [
      connect("sidecar_service {}").replace('mode = "bridge"', 'mode = "none"'),
      ['Connect needs a bridge network, and group "g" has mode "none"'],
    ],
    [
      connect("sidecar_service {}", 'name = "Web"\nport = 1'),
      ['The name "Web" of a service on the mesh must be in lower case'],
    ],
    [
      connect("sidecar_service {}").replace('group "g"', 'group "G"'),
      ['The name "G" of a group on the mesh must be in lower case'],
    ],
    [
      connect("sidecar_service {\n proxy { local_service_port = 70000 }\n }"),
      ["local_service_port must be between 1 and 65535"],
    ],
    [connect('sidecar_service {}\nsidecar_task { kill_signal = "SIGFOO" }'), ['There is no signal "SIGFOO"']],
    [connect('sidecar_service {}\nsidecar_task { kill_timeout = "-1s" }'), ["kill_timeout cannot be negative"]],
    [connect('sidecar_service {}\nsidecar_task { driver = "exec" }'), ["Only the driver docker is there"]],
    [upstreams("local_bind_port = 1"), ["An upstreams block needs destination_name"]],
    [upstreams('destination_name = ""\nlocal_bind_port = 1'), ["destination_name cannot be empty"]],
    [
      connect("sidecar_service {}", 'name = "web-${NOMAD_ALLOC_INDEX}"\nport = 1'),
      ["A run-time reference is not supported yet in the name of a service"],
    ],
    [upstreams('destination_name = "a"'), ["An upstreams block needs local_bind_port"]],
    [upstreams('destination_name = "a"\nlocal_bind_port = 0'), ["local_bind_port must be between 1 and 65535"]],
    [
      upstreams(
        'destination_name = "a"\nlocal_bind_port = 1',
        'destination_name = "b"\nlocal_bind_port = 1\nlocal_bind_address = "127.0.0.1"',
      ),
      ["Another upstream of this group listens on 127.0.0.1:1 already"],
    ],
    [
      connect(
        'sidecar_service {\nproxy {\nupstreams {\ndestination_name = "a"\nlocal_bind_port = 8080\n}\n}\n}',
        'name = "web"\nport = 8080',
      ),
      ['Port 8080 is that of the service "web" of this group'],
    ],
    [
      upstreams('destination_name = "a"\nlocal_bind_port = 1\nmesh_gateway { mode = "lokal" }'),
      ['mode "lokal" does not exist'],
    ],
    [
      connect('sidecar_service {}\n}\n}\nservice {\nname = "web"\nport = 9002\nconnect {\nsidecar_service {}'),
      ['There is another service "web" with a sidecar in this group'],
    ],
  ],
  tasks: [
    [jobText('task "t" {\n config {\n image = "i"\n}\n}'), ['The task "t" needs driver']],
    [jobText('task "t" {\n driver = "docker"\n}'), ['The task "t" needs an image']],
    [jobText('task "t" {\n driver = "docker"\n config {}\n}'), ['The config of task "t" needs image']],
    [jobText('task "t" {\n driver = "docker"\n config {\n image = " "\n}\n}'), ["The image cannot be empty"]],
    [groupText("").replace('task "t"', 'task "a/b"'), ["The name of a task cannot contain slashes"]],
    [groupText("").replace('task "t"', 'task ""'), ["The name of a task cannot be empty"]],
    [taskText("resources { cpu = 0 }"), ["cpu must be at least 1"]],
    [taskText("resources { memory = 9 }"), ["memory must be at least 10"]],
    [taskText('kill_timeout = "-1s"'), ["kill_timeout cannot be negative"]],
    [taskText('kill_signal = "sigterm"'), ['There is no signal "sigterm"']],
    [taskText("lifecycle {}"), ["A lifecycle block needs hook"]],
    [taskText('lifecycle { hook = "prestrat" }'), ['hook "prestrat" does not exist']],
    [
      jobText([1, 2].map((n) => TASK.replace('"t" {', `"t${n}" {\nleader = true`)).join("\n")),
      ["Only one task of a group can be the leader"],
    ],
  ],
};

describe.each(Object.entries(REFUSED))("refused of %s:", (_, cases) => {
  test.each(cases)("%j", (text, summaries) => {
    expect(summariesOf(text)).toEqual(summaries);
  });
});

const ALLOWED = [
  groupText("count = 0"),
  groupText('count = 0\nnetwork {\n port "p" { static = 80 }\n}'),
  groupText("restart {\n attempts = 0\n}"),
  groupText("reschedule {\n attempts = 0\n unlimited = false\n}"),
  groupText('reschedule {\n delay_function = "constant"\n max_delay = "1s"\n}'),
  groupText('service {\n name = "Upper"\n}'),
  groupText('service {\n name = "a"\n port = 1\n}\nservice {\n name = "a"\n port = 2\n}'),
  groupText('reschedule {\n delay = "5s"\n delay_function = "fibonacci"\n max_delay = "1m"\n unlimited = true\n}'),
  groupText('shutdown_delay = "10s"'),
  serviceText('name = "${JOB}-${TASKGROUP}-${GROUP}-${TASK}"'),
  serviceText('name = "${BASE}"\naddress_mode = "auto"'),
  serviceText('port = "http"\naddress_mode = "host"'),
  taskText('shutdown_delay = "0s"'),
  taskText('lifecycle { hook = "poststart" }'),
  connect('sidecar_service {}\nsidecar_task { user = "101" }'),
  connect('sidecar_service {}\nsidecar_task { user = "0:2147483647" }'),
  connect('sidecar_service {}\nsidecar_task {\nconfig { image = "envoy:${NOMAD_META_v}" }\n}'),
  check('type = "http"\npath = "/a?b=c:d"\ninterval = "10s"\ntimeout = "2s"'),
  connect("sidecar_service {}", 'name = "a"'),
  taskText('kill_signal = "SIGRTMIN+3"'),
  taskText('kill_signal = "HUP"'),
];

test.each(ALLOWED)("allowed: %j", (text) => {
  expect(jobOf(text).id).toBe("j");
});

test("rules point at the argument that breaks them", () => {
  expect(errorsOf(upstreams('destination_name = "a"\nlocal_bind_port = 99999'))).toBe(
    "job.nomad.hcl:17:19: local_bind_port must be between 1 and 65535\n  local_bind_port = 99999\n                    ^",
  );
});

test("a value that is wrong in itself is not judged by the rules too", () => {
  expect(summariesOf(check('type = "tcp"\ninterval = "x"\ntimeout = "2s"'))).toEqual([
    '"interval" needs a duration such as "30s" or "1m30s", not "x"',
  ]);
});
