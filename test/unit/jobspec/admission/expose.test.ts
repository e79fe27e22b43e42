/** What exposed checks add to a job, and what is said of those that cannot be exposed. */
import { describe, expect, test } from "vitest";
import { admit } from "../../../../src/jobspec/admission/admit.ts";
import { parseJobFile } from "../../../../src/jobspec/parse.ts";
import type { ExposePath, TaskGroup } from "../../../../src/model/job.ts";
import { revisionOf } from "../../../../src/model/revision.ts";
import { first, groupOf, jobOf, jobText, summariesOf } from "../support.ts";

const TASK = `task "t" {\n driver = "docker"\n config {\n image = "i"\n }\n}`;

interface Parts {
  readonly service?: string;
  readonly proxy?: string;
  readonly check?: string;
  readonly more?: string;
  readonly network?: string;
}

const HEALTH = 'name = "health"\ntype = "http"\npath = "/health"\ninterval = "10s"\ntimeout = "2s"\nexpose = true';

function text({ service = 'port = "9001"', proxy = "", check = HEALTH, more = "", network = "" }: Parts = {}): string {
  const sidecar = `connect {\n sidecar_service {\n proxy {\n${proxy}\n}\n}\n}`;
  return jobText(
    `network {\n mode = "bridge"\n${network}\n}\nservice {\n name = "api"\n${service}\n${sidecar}\ncheck {\n${check}\n}\n${more}\n}\n${TASK}`,
  );
}

function exposes(group: TaskGroup): readonly ExposePath[] {
  return first(group.services).connect?.sidecarService.proxy.expose ?? [];
}

function labels({ network }: TaskGroup): readonly string[] {
  return network.ports.map(({ label }) => label);
}

const LABEL = /^svc_api_ck_[0-9a-f]{6}$/;

describe("an exposed check", () => {
  test("gets a dynamic port of its own, a path at the sidecar, and goes to that port", () => {
    const group = groupOf(text());
    const label = first(group.network.ports).label;
    expect(label).toMatch(LABEL);
    expect(group.network.ports).toEqual([{ label, to: -1 }]);
    expect(exposes(group)).toEqual([{ path: "/health", protocol: "", localPathPort: 9001, listenerPort: label }]);
    expect(first(first(group.services).checks)).toMatchObject({ port: label, path: "/health", expose: true });
  });

  test("uses the port that it names, and adds none", () => {
    const group = groupOf(text({ check: `${HEALTH}\nport = "probe"`, network: 'port "probe" { to = 9191 }' }));
    expect(labels(group)).toEqual(["probe"]);
    expect(exposes(group)).toMatchObject([{ listenerPort: "probe" }]);
  });

  test("adds no path where the job writes the same one", () => {
    const network = 'port "probe" { to = 9191 }';
    const proxy =
      'expose {\n path {\n path = "/health"\n protocol = "http"\n local_path_port = 9001\n listener_port = "probe"\n}\n}';
    const group = groupOf(text({ check: `${HEALTH}\nport = "probe"`, network, proxy }));
    expect(exposes(group)).toEqual([{ path: "/health", protocol: "http", localPathPort: 9001, listenerPort: "probe" }]);
  });

  test("of gRPC is exposed as HTTP/2", () => {
    const check = HEALTH.replace('"http"', '"grpc"').replace('"/health"', '"/grpc.health.v1.Health/Check"');
    expect(exposes(groupOf(text({ check })))).toMatchObject([{ protocol: "http2" }]);
  });

  test("has its path exposed without the query, which Envoy does not compare", () => {
    const group = groupOf(text({ check: HEALTH.replace("/health", "/health?full=1") }));
    expect(exposes(group)).toMatchObject([{ path: "/health" }]);
    expect(first(first(group.services).checks).path).toBe("/health?full=1");
  });

  test("shares the path of another of the same port and path", () => {
    const second = `check {\n${HEALTH.replace('"health"', '"second"').replace("/health", "/health?more")}\nport = "probe"\n}`;
    const group = groupOf(text({ check: `${HEALTH}\nport = "probe"`, more: second, network: 'port "probe" {}' }));
    expect(exposes(group)).toHaveLength(1);
  });

  test.each([
    ["a literal one", 'port = "9001"', "", 9001],
    ["that of a label inside the namespace", 'port = "web"', 'port "web" {\n static = 80\n to = 8080\n}', 8080],
    ["a static one without to", 'port = "web"', 'port "web" { static = 8088 }', 8088],
    ["a dynamic one, known with the allocation", 'port = "web"', 'port "web" {}', 0],
  ])("finds the app's port: %s", (_what, service, network, port) => {
    expect(exposes(groupOf(text({ service, network })))).toMatchObject([{ localPathPort: port }]);
  });

  test("finds the app at local_service_port where the service has no port that says it", () => {
    const proxy = "local_service_port = 7000";
    expect(exposes(groupOf(text({ service: "", proxy })))).toMatchObject([{ localPathPort: 7000 }]);
    const dynamic = { service: 'port = "web"', network: 'port "web" {}', proxy };
    expect(exposes(groupOf(text(dynamic)))).toMatchObject([{ localPathPort: 7000 }]);
  });

  test("that is not exposed adds nothing, and neither does a second admission", () => {
    const plain = jobOf(text({ check: HEALTH.replace("expose = true", "") }));
    expect(admit(plain)).toBe(plain);
    expect(labels(first(plain.groups))).toEqual([]);
    const job = jobOf(text());
    expect(admit(job)).toEqual(job);
  });
});

describe("the port of an exposed check", () => {
  const labelOf = (check: string, more = ""): string => first(groupOf(text({ check, more })).network.ports).label;
  const revision = (check: string): string => {
    const job = jobOf(text({ check }));
    return revisionOf(job, first(job.groups), { proxy: "envoy" }).hash;
  };

  test.each([
    ["interval", '"10s"', '"20s"'],
    ["timeout", '"2s"', '"3s"'],
    ["path", '"/health"', '"/ready"'],
  ])("stays when its %s changes, and the allocation with it", (_what, from, to) => {
    expect(labelOf(HEALTH.replace(from, to))).toBe(labelOf(HEALTH));
    expect(revision(HEALTH.replace(from, to))).toBe(revision(HEALTH));
  });

  test("is another for another check, of the same service or another", () => {
    const second = `check {\n${HEALTH.replace('"health"', '"second"')}\n}`;
    expect(new Set(labels(groupOf(text({ more: second }))))).toHaveProperty("size", 2);
    expect(revision(HEALTH)).not.toBe(revision(HEALTH.replace("expose = true", "")));
  });
});

const DYNAMIC = 'service {\n name = "api"\n port = "9001"\n';

describe("is refused, and why:", () => {
  const wrong: readonly (readonly [string, string, string])[] = [
    [
      "no sidecar",
      jobText(`network {\n mode = "bridge"\n}\n${DYNAMIC} check {\n${HEALTH}\n}\n}\n${TASK}`),
      'expose needs a sidecar, and the service "api" has none',
    ],
    [
      "no bridge",
      text().replace('mode = "bridge"', 'mode = "host"'),
      'Connect needs a bridge network, and group "g" has mode "host"',
    ],
    ["a tcp check", text({ check: HEALTH.replace('"http"', '"tcp"') }), "Only http and grpc checks can be exposed"],
    ["https", text({ check: `${HEALTH}\nprotocol = "https"` }), "An exposed check cannot use https"],
    [
      "gRPC without a path",
      text({ check: HEALTH.replace('"http"', '"grpc"').replace('path = "/health"', "") }),
      "An exposed grpc check needs the path that its sidecar lets through",
    ],
    [
      "gRPC over TLS",
      text({ check: `${HEALTH.replace('"http"', '"grpc"')}\ngrpc_use_tls = true` }),
      "An exposed check cannot use TLS",
    ],
    [
      "a path that is none",
      text({ check: HEALTH.replace("/health", "health") }),
      'An exposed path starts with "/", and "health" does not',
    ],
    [
      "a number as its port",
      text({ check: `${HEALTH}\nport = "9191"` }),
      "The port of an exposed check must be a label",
    ],
    [
      "an app nobody knows the port of",
      text({ service: "" }),
      'It is not known where the app of "api" listens, so nothing of it can be exposed',
    ],
    [
      "the app's own port",
      text({ service: 'port = "web"', check: `${HEALTH}\nport = "web"`, network: 'port "web" {}' }),
      'The port "web" is that of the app of "api" already',
    ],
    [
      "an upstream's port",
      text({
        check: `${HEALTH}\nport = "probe"`,
        network: 'port "probe" { to = 8080 }',
        proxy: 'upstreams {\n destination_name = "db"\n local_bind_port = 8080\n}',
      }),
      'The port "probe" is that of the upstream "db" already',
    ],
    [
      "a port that exposes another path",
      text({
        check: `${HEALTH}\nport = "probe"`,
        network: 'port "probe" {}',
        more: `check {\n${HEALTH.replace('"health"', '"other"').replace("/health", "/other")}\nport = "probe"\n}`,
      }),
      'The port "probe" is that of the exposed path /health already',
    ],
  ];
  test.each(wrong)("%s", (_what, file, sentence) => {
    expect(summariesOf(file)).toContain(sentence);
  });

  test("a sidecar on the app's port, or on that of another sidecar", () => {
    const sidecar = (name: string, port: string): string =>
      `service {\n name = "${name}"\n port = "${port}"\n connect {\n sidecar_service {\n port = "p"\n}\n}\n}\n`;
    const file = (services: string): string =>
      jobText(`network {\n mode = "bridge"\n port "p" {}\n}\n${services}\n${TASK}`);
    expect(summariesOf(file(sidecar("a", "p")))).toEqual(['The port "p" is that of the app of "a" already']);
    const two = file(sidecar("a", "9001") + sidecar("b", "9002"));
    expect(summariesOf(two)).toEqual(['The port "p" is that of the sidecar of "a" already']);
  });

  test("not the app's port where local_service_port says that the app is elsewhere", () => {
    const file = (local: number): string =>
      jobText(
        `network {\n mode = "bridge"\n port "http" { to = 8080 }\n}\nservice {\n name = "a"\n port = "http"\n connect {\n sidecar_service {\n port = "http"\n proxy {\n local_service_port = ${local}\n}\n}\n}\n}\n${TASK}`,
      );
    expect(summariesOf(file(9090))).toEqual([]);
    expect(summariesOf(file(8080))).toEqual(['The port "http" is that of the app of "a" already']);
  });

  test("a task with the name of a sidecar", () => {
    expect(summariesOf(text().replace('task "t"', 'task "connect-proxy-api"'))).toEqual([
      '"connect-proxy-api" is the sidecar of the service "api"',
    ]);
  });

  const path = (inside: string): string =>
    text({ proxy: `expose {\n path {\n${inside}\n}\n}`, network: 'port "p" {}' });
  const GOOD = 'path = "/metrics"\nlocal_path_port = 9001\nlistener_port = "p"';
  test.each([
    ["no path", GOOD.replace(/path = "\/metrics"\n/, ""), "A path block of expose needs path"],
    ["a relative path", GOOD.replace("/metrics", "metrics"), 'An exposed path starts with "/", and "metrics" does not'],
    [
      "no local_path_port",
      GOOD.replace("local_path_port = 9001\n", ""),
      "A path block of expose needs local_path_port",
    ],
    ["no such port", GOOD.replace("9001", "90010"), "local_path_port must be between 1 and 65535"],
    ["no listener_port", GOOD.replace('\nlistener_port = "p"', ""), "A path block of expose needs listener_port"],
    ["an unknown label", GOOD.replace('"p"', '"q"'), 'The group\'s network has no port "q"'],
    ["another protocol", `${GOOD}\nprotocol = "tcp"`, 'protocol "tcp" does not exist'],
  ])("a written path with %s", (_what, inside, sentence) => {
    expect(summariesOf(path(inside))).toEqual([sentence]);
    expect(summariesOf(path(GOOD))).toEqual([]);
  });

  test("with the place of the check", () => {
    const { diagnostics } = parseJobFile("job.nomad.hcl", text({ check: `${HEALTH}\nprotocol = "https"` }));
    expect(first(diagnostics)).toMatchObject({ snippet: 'protocol = "https"' });
  });
});
