/** Every field that a job file can set, where it lands in the model, and which conversions it goes through. */
import { describe, expect, test } from "vitest";
import {
  first,
  groupOf,
  groupText,
  jobOf,
  jobText,
  serviceOf,
  serviceText,
  summariesOf,
  taskOf,
  taskText,
} from "./support.ts";

test("a job takes its id and name from the label, unless it says otherwise", () => {
  const explicit = jobText(
    'task "t" {\n driver = "docker"\n config {\n image = "i"\n}\n}',
    'id = "x"\nname = "My shop"',
  );
  expect(jobOf(groupText(""))).toMatchObject({ id: "j", name: "j" });
  expect(jobOf(explicit)).toMatchObject({ id: "x", name: "My shop" });
});

test("a job's own fields", () => {
  const task = 'task "t" {\n driver = "docker"\n config {\n image = "i"\n}\n}';
  const text = jobText(
    task,
    'type = "system"\nregion = "r"\nnamespace = "n"\npriority = "70"\nmeta {\n a = 1\n b = true\n }',
  );
  expect(jobOf(text)).toMatchObject({
    type: "system",
    region: "r",
    namespace: "n",
    priority: 70,
    datacenters: ["dc1"],
    meta: { a: "1", b: "true" },
  });
});

test("a group's own fields, its network and its policies", () => {
  const group = groupOf(
    groupText(`count = 3
      shutdown_delay = "1m30s"
      meta = { a = 1 }
      restart {
        attempts = 5
        mode     = "delay"
      }
      reschedule {
        attempts       = 0
        delay          = "10s"
        delay_function = "fibonacci"
        max_delay      = "5m"
        unlimited      = true
      }
      network {
        mode     = "bridge"
        hostname = "web-\${NOMAD_ALLOC_INDEX}"
        port "http" {}
        port "admin" { to = -1 }
        port "db" { to = "5432" }
        dns {
          servers  = ["1.1.1.1"]
          searches = ["a.b"]
          options  = ["ndots:2"]
        }
      }`),
  );
  expect(group).toMatchObject({ count: 3, shutdownDelay: 90_000, meta: { a: "1" } });
  expect(group.restart).toEqual({ attempts: 5, interval: 1_800_000, delay: 15_000, mode: "delay" });
  expect(group.reschedule).toEqual({
    attempts: 0,
    interval: 0,
    delay: 10_000,
    delayFunction: "fibonacci",
    maxDelay: 300_000,
    unlimited: true,
  });
  expect(group.network).toEqual({
    mode: "bridge",
    hostname: "web-${NOMAD_ALLOC_INDEX}",
    ports: [
      { label: "http", to: 0 },
      { label: "admin", to: -1 },
      { label: "db", to: 5432 },
    ],
    dns: { servers: ["1.1.1.1"], searches: ["a.b"], options: ["ndots:2"] },
  });
});

test("a static port keeps its number, also when it is written as text", () => {
  const { network } = groupOf(groupText('network {\n port "p" { static = "8080" }\n}'));
  expect(network).toEqual({ mode: "host", ports: [{ label: "p", static: 8080, to: 0 }] });
});

test("a group without a network block uses the host's network", () => {
  expect(groupOf(groupText("")).network).toEqual({ mode: "host", ports: [] });
});

test("a system job is not rescheduled by default", () => {
  const text = jobText('task "t" {\n driver = "docker"\n config {\n image = "i"\n}\n}', 'type = "system"');
  expect(groupOf(text).reschedule).toMatchObject({ attempts: 0, unlimited: false });
});

test("a service's own fields", () => {
  const text = serviceText(`
    name = "web"
    port = "http"
    tags = ["a", "b"]
    address_mode = "host"
    enable_tag_override = true
    meta { v = 2 }`);
  expect(serviceOf(text)).toEqual({
    name: "web",
    port: "http",
    tags: ["a", "b"],
    meta: { v: "2" },
    addressMode: "host",
    enableTagOverride: true,
    checks: [],
  });
});

test("a number fills a service's port", () => {
  expect(serviceOf(serviceText("port = 9001")).port).toBe("9001");
});

describe("a service without a name", () => {
  test("is called after its job and group, and after its task if it stands there", () => {
    const task = taskOf(taskText("service {}"));
    expect(serviceOf(serviceText("")).name).toBe("j-g");
    expect(serviceOf(taskText("service {}"))).toMatchObject({ name: "j-g-t", task: task.name });
  });

  test("or by what Nomad fills in for the four names it knows", () => {
    const name = 'name = "${JOB}-${TASKGROUP}-${GROUP}-${TASK}-${BASE}"';
    expect(serviceOf(serviceText(name)).name).toBe("j-g-g-group-j-g-group");
    expect(serviceOf(taskText(`service {\n${name}\n}`)).name).toBe("j-g-g-t-j-g-t");
  });
});

test("services of the group come before those of its tasks", () => {
  const text = groupText('service { name = "a" }').replace("config {", 'service { name = "b" }\nconfig {');
  expect(groupOf(text).services.map(({ name, task }) => [name, task])).toEqual([
    ["a", undefined],
    ["b", "t"],
  ]);
});

test("a check's fields", () => {
  const text = serviceText(`
    name = "web"
    port = "http"
    check {
      type = "http"
      name = "alive"
      path = "/health"
      protocol = "https"
      method = "POST"
      body = "{}"
      header { Authorization = ["a", "b"] }
      interval = "10s"
      timeout  = 2000000000
      port = 8080
      initial_status = "warning"
      success_before_passing = 2
      failures_before_critical = "3"
      tls_skip_verify = "true"
    }
    check {
      type = "grpc"
      interval = "1s"
      timeout = "1s"
      grpc_service = "s"
      grpc_use_tls = true
    }`);
  const [http, grpc] = serviceOf(text).checks;
  expect(http).toEqual({
    name: "alive",
    type: "http",
    interval: 10_000,
    timeout: 2000,
    port: "8080",
    path: "/health",
    protocol: "https",
    method: "POST",
    header: { Authorization: ["a", "b"] },
    body: "{}",
    grpcService: "",
    grpcUseTls: false,
    tlsSkipVerify: true,
    initialStatus: "warning",
    successBeforePassing: 2,
    failuresBeforeCritical: 3,
  });
  expect(grpc).toMatchObject({
    name: 'service: "web" check',
    type: "grpc",
    grpcService: "s",
    grpcUseTls: true,
    port: "",
  });
});

test("a connect block with everything in it", () => {
  const { connect } = serviceOf(
    serviceText(`
    name = "web"
    port = 9001
    connect {
      sidecar_service {
        tags = ["t"]
        port = "mesh"
        disable_default_tcp_check = true
        proxy {
          local_service_address = "127.0.0.2"
          local_service_port    = 9002
          upstreams {
            destination_name      = "api"
            destination_namespace = "n"
            datacenter            = "dc2"
            local_bind_port       = 8080
            local_bind_address    = "127.0.0.3"
            mesh_gateway { mode = "local" }
          }
          upstreams {
            destination_name = "db"
            local_bind_port  = 5432
          }
          config {
            protocol = "http"
            limits { max_connections = 5 }
            opaque = { a = [1, "b"] }
            labelled "x" { y = true }
          }
        }
      }
      sidecar_task {
        user = "101:102"
        driver = "docker"
        config {
          image = "envoy"
          command = "c"
          args = ["-l", "debug"]
          entrypoint = ["/e"]
        }
        env { A = 1 }
        resources { memory = 64 }
        kill_timeout = "10s"
        kill_signal = "SIGINT"
      }
    }`),
  );
  expect(connect?.sidecarService).toEqual({
    tags: ["t"],
    port: "mesh",
    disableDefaultTcpCheck: true,
    proxy: {
      localServiceAddress: "127.0.0.2",
      localServicePort: 9002,
      upstreams: [
        {
          destinationName: "api",
          destinationNamespace: "n",
          datacenter: "dc2",
          localBindPort: 8080,
          localBindAddress: "127.0.0.3",
          meshGatewayMode: "local",
        },
        {
          destinationName: "db",
          destinationNamespace: "",
          datacenter: "",
          localBindPort: 5432,
          localBindAddress: "",
          meshGatewayMode: "",
        },
      ],
      config: {
        protocol: "http",
        limits: [{ max_connections: 5 }],
        opaque: [{ a: [1, "b"] }],
        labelled: [{ x: [{ y: true }] }],
      },
    },
  });
  expect(connect?.sidecarTask).toEqual({
    user: "101:102",
    image: "envoy",
    command: "c",
    args: ["-l", "debug"],
    entrypoint: ["/e"],
    env: { A: "1" },
    resources: { memory: 64 },
    killTimeout: 10_000,
    killSignal: "SIGINT",
  });
});

test("a sidecar_task sets only what is written in it", () => {
  const text = serviceText("port = 1\nconnect {\n sidecar_service {}\n sidecar_task { kill_timeout = 0 }\n}");
  expect(serviceOf(text).connect?.sidecarTask).toEqual({ killTimeout: 0 });
});

test("a task with everything in it", () => {
  const text = groupText('restart {\n attempts = 1\n delay = "1s"\n}').replace(
    /task "t" \{[^]*$/,
    `task "t" {
      driver = "docker"
      user = "1000"
      leader = true
      kill_timeout = "500ms"
      kill_signal = "SIGQUIT"
      shutdown_delay = "0s"
      env = { A = 1, "b.c" = false, D = "\${NOMAD_ALLOC_ID}" }
      meta { m = "x" }
      lifecycle {
        hook = "prestart"
        sidecar = true
      }
      resources {
        cpu = 500
        memory = 256
      }
      restart { delay = "3s" }
      config {
        image = "i"
        command = "c"
        args = ["a", 1, true]
        entrypoint = ["/bin/sh", "-c"]
        labels { l = "x" }
        work_dir = "/w"
        force_pull = false
        cap_add = ["net_admin"]
        cap_drop = ["all"]
        readonly_rootfs = true
      }
    }
  }
}
`,
  );
  expect(taskOf(text)).toEqual({
    name: "t",
    driver: "docker",
    user: "1000",
    leader: true,
    killTimeout: 500,
    killSignal: "SIGQUIT",
    shutdownDelay: 0,
    env: { A: "1", "b.c": "false", D: "${NOMAD_ALLOC_ID}" },
    meta: { m: "x" },
    lifecycle: { hook: "prestart", sidecar: true },
    resources: { cpu: 500, memory: 256 },
    restart: { attempts: 1, interval: 1_800_000, delay: 3000, mode: "fail" },
    config: {
      image: "i",
      command: "c",
      args: ["a", "1", "true"],
      entrypoint: ["/bin/sh", "-c"],
      labels: { l: "x" },
      workDir: "/w",
      forcePull: false,
      capAdd: ["net_admin"],
      capDrop: ["all"],
      readonlyRootfs: true,
    },
  });
});

test("null means that an argument is not given, where Nomad tells the two apart", () => {
  const text = taskText("meta = null\nenv = null").replace('group "g" {', 'group "g" {\ncount = null');
  const { count, meta, tasks } = groupOf(text);
  expect([count, meta, tasks[0]?.env]).toEqual([1, {}, {}]);
  expect(summariesOf(taskText("user = null"))).toEqual(['"user" needs a string, not null']);
  expect(summariesOf(taskText("kill_timeout = null"))).toEqual([
    '"kill_timeout" needs a duration such as "30s" or "1m30s", not null',
  ]);
});

test("maps that HCL knows as blocks only are no arguments", () => {
  expect(summariesOf(serviceText("meta = { a = 1 }"))).toEqual(['"meta" is a block, not an argument']);
});

test("a number outside of its bounds, a label that does not exist and a missing field are refused", () => {
  const spread = 'spread {\n attribute = "a"\n target "a" { percent = 256 }\n}';
  expect(summariesOf(groupText(spread))).toEqual(["percent must be between 0 and 255"]);
  expect(summariesOf(taskText('scaling "disk" {}'))).toEqual(['scaling "disk" does not exist']);
  expect(summariesOf(groupText("scaling {}"))).toEqual(["A scaling block needs max"]);
});

test("env and meta are given as a block or as an argument, not as both", () => {
  expect(taskOf(taskText("env { A = 1 }")).env).toEqual(taskOf(taskText("env = { A = 1 }")).env);
  expect(summariesOf(taskText("env { A = 1 }\nenv = { B = 2 }"))).toEqual(['"env" is given twice']);
  expect(summariesOf(taskText("meta { A = 1 }\nmeta { B = 2 }"))).toEqual(['"meta" is given twice']);
});

test("names that mean something to JavaScript are names like all others", () => {
  expect(Object.entries(taskOf(taskText("env = { __proto__ = 1, constructor = 2 }")).env)).toEqual([
    ["__proto__", "1"],
    ["constructor", "2"],
  ]);
  expect(summariesOf(taskText("constructor {}"))).toEqual(['There is no block "constructor" in a task block']);
});

describe("values that do not fit are refused", () => {
  test.each([
    [taskText("user = []"), '"user" needs a string, not a list'],
    [taskText('leader = "maybe"'), '"leader" needs true or false, not "maybe"'],
    [taskText("leader = 1"), '"leader" needs true or false, not "1"'],
    [taskText('kill_timeout = "5"'), '"kill_timeout" needs a duration such as "30s" or "1m30s", not "5"'],
    [taskText("kill_timeout = true"), '"kill_timeout" needs a duration such as "30s" or "1m30s", not true or false'],
    [taskText("resources { cpu = 1.5 }"), '"cpu" needs a whole number, not "1.5"'],
    [taskText('resources { cpu = "${NOMAD_X}" }'), '"cpu" needs a whole number, not "${NOMAD_X}"'],
    [taskText("env = []"), '"env" needs a map, not a list'],
    [taskText("env { A = [1] }"), 'env "A" needs a string, not a list'],
    [taskText("env { A = null }"), 'env "A" needs a string, not null'],
    [serviceText('tags = "a"'), '"tags" needs a list of strings, not "a"'],
    [serviceText("tags = [[]]"), '"tags" needs a list of strings, and this is a list'],
    [serviceText('tags = ["a", null]'), '"tags" needs a list of strings, and this is null'],
    [groupText("network = {}"), '"network" is a block, not an argument'],
    [groupText("count { x = 1 }"), '"count" is an argument, not a block'],
    [groupText("task {}"), "A task block needs a name"],
    [groupText('network "x" {}'), "A network block has no name"],
    [groupText("network {}\nnetwork {}"), "There can be only one network block here"],
  ])("in %j", (text, summary) => {
    expect(summariesOf(text)).toEqual([summary]);
  });
});

test("the sentence about a wrong header does not repeat its value", () => {
  const check = 'type = "tcp"\ninterval = "1s"\ntimeout = "1s"\nheader { Authorization = "Bearer secret" }';
  expect(summariesOf(serviceText(`port = "http"\ncheck {\n${check}\n}`))).toEqual([
    'header "Authorization" needs a list of strings, not a string',
  ]);
});

test("a name that is filled in too late is explained", () => {
  const text = taskText('resources { cpu = "${NOMAD_X}" }');
  expect(() => jobOf(text)).toThrow(
    "It must be known when the file is read; names are filled in only when a task starts",
  );
});

test("an empty list of groups and services stays empty, so that rules can judge it", () => {
  expect(first(jobOf(groupText("")).groups).services).toEqual([]);
});
