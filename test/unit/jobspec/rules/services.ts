/** Cases of what services say: native Connect, gateways, script checks, check_restart. */
import { block, group, service, task } from "./cases.ts";
import type { Cases } from "./cases.ts";

const connect = (...lines: readonly string[]) => service('port = "http"', block("connect", ...lines));
const native = (...lines: readonly string[]) => service('port = "http"', ...lines, block("connect", "native = true"));
const ALONE = block("connect", "native = true");
const KINDS = "A connect block has one of these, not ";

export const NATIVE: Cases = {
  refused: [
    [group(block("service", `§${ALONE}`)), "A service that is native to Connect needs its task"],
    [
      service('port = "http"', `§${ALONE}`).replace(
        /\}\n {2}\}\n\}\n$/,
        `}\n${block('task "u"', 'driver = "docker"', block("config", 'image = "i"'))}\n}\n}\n`,
      ),
      "A service that is native to Connect needs its task",
    ],
    [native('task = §"other"'), 'The group has no task "other"'],
    [connect("native = §true", "sidecar_service {}"), `${KINDS}native = true and a sidecar_service`],
    [connect(`§${block("gateway", "mesh {}")}`, "sidecar_service {}"), `${KINDS}a gateway and a sidecar_service`],
    [connect("§").replace("§", "").replace("connect", "§connect"), "A connect block needs a sidecar_service block"],
  ],
  allowed: [native('task = "t"'), native(), connect("native = false", "sidecar_service {}")],
};

const gateway = (...lines: readonly string[]) => connect(block("gateway", ...lines));
const ingress = (...lines: readonly string[]) => gateway(block("ingress", ...lines));
const listener = (...lines: readonly string[]) => ingress(block("listener", ...lines));
const behind = (protocol: string, ...lines: readonly string[]) =>
  listener("port = 80", `protocol = "${protocol}"`, block("service", ...lines));
const linked = (...lines: readonly string[]) => gateway(block("terminating", block("service", 'name = "a"', ...lines)));
const bound = (...lines: readonly string[]) =>
  gateway("mesh {}", block("proxy", block('envoy_gateway_bind_addresses "a"', ...lines)));
const ONE_OF = "A gateway block needs one of ingress, terminating and mesh";

export const GATEWAY: Cases = {
  refused: [
    [connect("§gateway {}"), ONE_OF],
    [gateway("§mesh {}", block("terminating", block("service", 'name = "a"'))), ONE_OF],
    [
      gateway("mesh {}").replace('mode = "bridge"', 'mode = "none"').replace("gateway", "§gateway"),
      'A gateway needs a network, and group "g" has mode "none"',
    ],
    [
      group(block("service", block("connect", block("§gateway", "mesh {}")))),
      'A gateway needs a network, and group "g" has no network block',
    ],
    [bound('address = §""', "port = 1"), "A bind address needs an address"],
    [bound('address = "1.2.3.4"', "port = §0"), "The port of a bind address must be at least 1"],
    [bound('address = "1.2.3.4"', "port = §-2"), "The port of a bind address must be at least 1"],
    [
      gateway("mesh {}", block("proxy", 'envoy_dns_discovery_type = §"DNS"')),
      'envoy_dns_discovery_type "DNS" does not exist',
    ],
    [gateway("§ingress {}"), "An ingress gateway needs a listener"],
    [ingress(`§${block("listener", block("service", 'name = "a"'))}`), "A listener needs a port"],
    [ingress(`§${block("listener", "port = 80")}`), "A listener needs a service behind it"],
    [behind("udp", 'name = "a"').replace('"udp"', '§"udp"'), 'protocol "udp" does not exist'],
    [
      behind("http").replace("service {\n\n}", "§service {\n\n}").replace("service {\n}", "§service {\n}"),
      "A service behind a listener needs a name",
    ],
    [behind("tcp", 'name = §"*"'), 'A tcp listener leads to one service, not to "*"'],
    [behind("tcp", 'name = "a"', 'hosts = §["h"]'), "A tcp listener knows no host names"],
    [behind("http", 'name = "*"', 'hosts = §["h"]'), 'The service "*" cannot have hosts'],
    [gateway("§terminating {}"), "A terminating gateway needs a service"],
    [gateway(block("terminating", "§service {}")), "A service of a terminating gateway needs a name"],
    [linked('cert_file = §"c"', 'key_file = "k"'), "cert_file needs ca_file"],
    [linked('ca_file = "a"', 'cert_file = §"c"'), "cert_file needs key_file"],
    [linked('ca_file = "a"', 'key_file = §"k"'), "key_file needs cert_file"],
    [linked('sni = §"s"'), "sni needs ca_file"],
  ],
  allowed: [
    gateway("mesh {}"),
    gateway("mesh {}").replace('mode = "bridge"', 'mode = "host"'),
    bound('address = "1.2.3.4"', "port = -1"),
    behind("http", 'name = "*"'),
    behind("grpc", 'name = "a"', 'hosts = ["h"]'),
    behind("tcp", 'name = "a"'),
    linked(),
    linked('ca_file = "a"', 'cert_file = "c"', 'key_file = "k"', 'sni = "s"'),
  ],
};

const check = (...lines: readonly string[]) => block("check", 'interval = "10s"', 'timeout = "2s"', ...lines);
const script = (...lines: readonly string[]) =>
  service(check('type = "script"', 'command = "/x"', 'task = "t"', ...lines));
const bare = (...lines: readonly string[]) => service(block("check", 'type = "script"', 'task = "t"', ...lines));
const http = (...lines: readonly string[]) => service('port = "http"', check('type = "http"', 'path = "/"', ...lines));

export const CHECKS: Cases = {
  refused: [
    [bare('interval = "10s"', 'timeout = "2s"').replace("check", "§check"), "A script check needs a command"],
    [bare('command = "x"', 'timeout = "2s"').replace("check", "§check"), "A check needs interval"],
    [bare('command = "x"', 'interval = "2s"').replace("check", "§check"), "A check needs timeout"],
    [bare('command = "x"', 'interval = §"2ms"', 'timeout = "2s"'), "The interval of a check must be at least 1s"],
    [bare('command = "x"', 'interval = "2s"', 'timeout = §"2ms"'), "The timeout of a check must be at least 1s"],
    [
      service(`§${check('type = "script"', 'command = "/x"')}`),
      "A script check of a group's service needs the task it runs in",
    ],
    [service(check('type = "script"', 'command = "/x"', 'task = §"other"')), 'The group has no task "other"'],
    [http('task = §"t"'), "Only script and grpc checks can name a task"],
    [service('port = "http"', check('type = "grpc"', 'task = §"other"')), 'The group has no task "other"'],
    [script("success_before_passing = §1"), "A script check cannot count with success_before_passing"],
    [script("failures_before_critical = §1"), "A script check cannot count with failures_before_critical"],
    [script("expose = §true"), "Only http and grpc checks can be exposed"],
    [script('initial_status = §"fine"'), 'initial_status "fine" does not exist'],
    [http(block("check_restart", "limit = §-1")), "limit cannot be negative"],
    [http(block("check_restart", 'grace = §"-1s"')), "grace cannot be negative"],
    [
      http('on_update = §"ignore"', block("check_restart", "limit = 1")),
      "A check that an update ignores cannot restart its task",
    ],
    [
      http('on_update = §"ignore_warnings"', block("check_restart", "limit = 1")),
      "A check whose warnings an update ignores cannot restart its task on them",
    ],
    [
      service(
        'port = "http"',
        block("check_restart", "limit = 1"),
        check('type = "http"', 'path = "/"', 'on_update = §"ignore"'),
      ),
      "A check that an update ignores cannot restart its task",
    ],
    [
      service(
        'port = "http"',
        'on_update = §"ignore"',
        check('type = "http"', 'path = "/"', block("check_restart", "limit = 1")),
      ),
      "A check that an update ignores cannot restart its task",
    ],
  ],
  allowed: [
    script(),
    service('task = "t"', check('type = "script"', 'command = "/x"')),
    task(block("service", check('type = "script"', 'command = "/x"'))),
    task(block("service", check('type = "script"', 'command = "/x"', 'task = "other"'))),
    service('port = "http"', check('type = "grpc"', 'task = "t"')),
    http('on_update = "ignore_warnings"', block("check_restart", "ignore_warnings = true")),
    http(block("check_restart", "limit = 3")),
    http('on_update = "ignore"'),
  ],
};

const meshed = (inside: string, ...lines: readonly string[]) =>
  service('name = "web"', "port = 9001", block("connect", block("sidecar_service", inside), ...lines));
const upstream = (...lines: readonly string[]) => meshed(block("proxy", block("upstreams", ...lines)));
const sidecarTask = (...lines: readonly string[]) => meshed("", block("sidecar_task", ...lines));

export const MESH: Cases = {
  refused: [
    [sidecarTask('kill_timeout = §"11m"'), "kill_timeout is longer than the progress_deadline of an update"],
    [sidecarTask('shutdown_delay = §"-1s"'), "shutdown_delay cannot be negative"],
    [sidecarTask(block("resources", "memory = 100", "memory_max = §99")), "memory_max cannot be less than memory"],
  ],
  allowed: [
    upstream('destination_name = "db"', "local_bind_port = 1"),
    upstream('destination_name = "web"', "local_bind_port = 1", 'datacenter = "dc2"'),
    sidecarTask('kill_timeout = "10m"', 'shutdown_delay = "1s"'),
  ],
  stricter: [
    [upstream('destination_name = §"web"', "local_bind_port = 1"), 'The service "web" is an upstream of itself'],
    [sidecarTask(block("logs", "max_files = §0")), "max_files must be at least 1"],
  ],
};

const ofTask = (...lines: readonly string[]) => task(block("service", ...lines));
const inNetwork = (...lines: readonly string[]) =>
  ofTask(...lines).replace("task ", `${block("network", block('port "http"', "to = 80"))}\ntask `);

export const TASK_SERVICES: Cases = {
  refused: [
    [ofTask("port = §80"), "The port of a task's service is a label of the network, not 80"],
    [
      inNetwork('port = "http"', check('type = "tcp"', "port = §80")),
      "The port of a check of a task's service is a label of the network, not 80",
    ],
    [ofTask('port = §"http"'), 'The group\'s network has no port "http"'],
  ],
  allowed: [inNetwork('port = "http"', check('type = "tcp"')), ofTask()],
};

const LATE = "stop_after_client_disconnect";

export const DISCONNECT: Cases = {
  refused: [
    [group(`${LATE} = §"-1s"`), `${LATE} cannot be negative`],
    [group('max_client_disconnect = §"-1s"'), "max_client_disconnect cannot be negative"],
    [group(`${LATE} = "1m"`, 'max_client_disconnect = §"1m"'), `A group has either max_client_disconnect or ${LATE}`],
    [task('shutdown_delay = §"-1s"'), "shutdown_delay cannot be negative"],
  ],
  allowed: [group(`${LATE} = "1m"`), group('max_client_disconnect = "1m"')],
};
