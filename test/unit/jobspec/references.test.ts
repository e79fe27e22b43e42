/** References that name nothing of their group, and keys of a proxy's config that would stop its sidecar: told with their place. */
import { describe, expect, test } from "vitest";
import { formatDiagnostic } from "../../../src/jobspec/format.ts";
import { parseJobFile } from "../../../src/jobspec/parse.ts";
import type { Diagnostic } from "../../../src/model/diagnostic.ts";
import { errorsOf, first, jobText } from "./support.ts";

interface Parts {
  readonly task?: string;
  readonly config?: string;
  readonly service?: string;
  readonly proxy?: string;
  readonly sidecarTask?: string;
}

/** A group with the port "web-ui" and the upstream "count-api". */
function text({ task = "", config = "", service = "", proxy = "", sidecarTask = "" }: Parts): string {
  const upstream = 'upstreams {\n destination_name = "count-api"\n local_bind_port = 8080\n}';
  return jobText(`network {
  mode = "bridge"
  port "web-ui" {}
}
service {
  name = "front"
  port = "web-ui"
  ${service}
  connect {
    sidecar_service {
      proxy {
        ${upstream}
        ${proxy}
      }
    }
    ${sidecarTask}
  }
}
task "t" {
  driver = "docker"
  ${task}
  config {
    image = "i"
    ${config}
  }
}`);
}

function found(parts: Parts): readonly Diagnostic[] {
  return parseJobFile("job.nomad.hcl", text(parts)).diagnostics;
}

describe("a reference", () => {
  const right = [
    "${NOMAD_UPSTREAM_ADDR_count_api}",
    "${NOMAD_UPSTREAM_PORT_count-api}",
    "${NOMAD_PORT_web_ui}",
    "${NOMAD_HOST_PORT_web-ui}",
    '${env["NOMAD_ADDR_web_ui"]}',
    "${NOMAD_ALLOC_PORT_connect_proxy_front}",
    "${NOMAD_IP_connect-proxy-front}",
    "${NOMAD_ALLOC_ID} ${node.unique.name} ${NOMAD_META_anything}",
  ];
  test.each(right)("to what the group has is nothing to speak of: %s", (reference) => {
    expect(found({ task: `env {\n A = "${reference}"\n}` })).toEqual([]);
  });

  const wrong: readonly (readonly [string, Parts, string, string])[] = [
    [
      "a task's env",
      { task: 'env {\n OK = "1"\n URL = "http://${NOMAD_UPSTREAM_ADDR_cuont_api}"\n}' },
      "URL =",
      'Did you mean "NOMAD_UPSTREAM_ADDR_count_api"?',
    ],
    [
      "an upstream's port",
      { task: 'env {\n P = "${NOMAD_UPSTREAM_PORT_count_app}"\n}' },
      "P =",
      'Did you mean "NOMAD_UPSTREAM_PORT_count_api"?',
    ],
    ["args", { config: 'args = [\n "-p",\n "${NOMAD_PORT_web_iu}",\n]' }, '"${NOMAD_PORT', "NOMAD_PORT_web_ui"],
    ["a command", { config: 'command = "run-${NOMAD_ADDR_ui}"' }, "command", 'It has "NOMAD_ADDR_web_ui"'],
    ["a label", { config: 'labels {\n at = "${NOMAD_HOST_PORT_webui}"\n}' }, "at =", "NOMAD_HOST_PORT_web_ui"],
    ["a service's meta", { service: 'meta {\n at = "${NOMAD_IP_web_u}"\n}' }, "at =", "NOMAD_IP_web_ui"],
    ["a service's tags", { service: 'tags = ["${NOMAD_PORT_web_u}"]' }, "tags", "NOMAD_PORT_web_ui"],
    [
      "a check",
      {
        service: 'check {\n type = "http"\n path = "/${NOMAD_PORT_web_u}"\n interval = "10s"\n timeout = "1s"\n}',
      },
      "path =",
      "NOMAD_PORT_web_ui",
    ],
    [
      "a sidecar_task's env",
      { sidecarTask: 'sidecar_task {\n env {\n X = "${NOMAD_PORT_web_u}"\n}\n}' },
      "X =",
      "NOMAD_PORT_web_ui",
    ],
    ["a proxy's config", { proxy: 'config {\n x = "${NOMAD_PORT_web_u}"\n}' }, "x =", "NOMAD_PORT_web_ui"],
    ["a template", { task: `env {\n T = "{{ env \\"NOMAD_PORT_web_u\\" }}"\n}` }, "T =", "NOMAD_PORT_web_ui"],
  ];
  test.each(wrong)("to what it has not is a warning at its place: %s", (_where, parts, line, detail) => {
    const [diagnostic, ...more] = found(parts);
    expect(more).toEqual([]);
    expect(diagnostic).toMatchObject({ severity: "warning" });
    expect(diagnostic?.summary).toMatch(/^"NOMAD_\S+" names no (?:port|upstream) of this group$/);
    expect(diagnostic?.snippet?.trim()).toContain(line);
    expect(diagnostic?.detail).toContain(detail);
  });

  test("leaves the job good, as Nomad has it", () => {
    expect(parseJobFile("job.nomad.hcl", text({ task: 'env {\n A = "${NOMAD_PORT_x}"\n}' })).job).toBeDefined();
  });

  test("in a group without upstreams is told that there is none", () => {
    const plain = jobText(
      'task "t" {\n driver = "docker"\n env {\n A = "${NOMAD_UPSTREAM_ADDR_x}"\n}\n config {\n image = "i"\n}\n}',
    );
    expect(first(parseJobFile("job.nomad.hcl", plain).diagnostics).detail).toBe(
      "The group has no upstream; the text would stay as it is written",
    );
  });
});

describe("a key of a proxy's config that shapes Envoy's bootstrap", () => {
  test.each([
    ["envoy_prometheus_bind_addr", '"9102"', "must be an address such as 0.0.0.0:9102"],
    ["envoy_stats_tags", "[1, [2]]", "must be a list of texts"],
    ["envoy_stats_flush_interval", '"soon"', "must be a duration such as 10s"],
    ["envoy_tracing_json", '"{"', "must be one JSON object"],
    ["envoy_bootstrap_json_tpl", '"x"', "is not supported: Remora makes Envoy's bootstrap itself"],
    ["envoy_dogstatsd_url", '"$NOWHERE"', "$NOWHERE is not in the env of its sidecar_task"],
  ])("is warned of at its line, because only an agent with Envoy reads it: %s = %s", (key, value, sentence) => {
    const [diagnostic, ...more] = found({ proxy: `config {\n protocol = "http"\n ${key} = ${value}\n}` });
    expect(more).toEqual([]);
    expect(diagnostic).toMatchObject({ severity: "warning" });
    expect(diagnostic?.summary).toContain(`${key} in the proxy's config`);
    expect(diagnostic?.summary).toContain(sentence);
    expect(diagnostic?.snippet?.trim()).toBe(`${key} = ${value}`);
  });

  test.each([
    ['envoy_prometheus_bind_addr = "0.0.0.0:9102"', ""],
    ['envoy_statsd_url = "udp://$${HOST_IP}:8125"', ""],
    ['envoy_dogstatsd_url = "$DD"', 'sidecar_task {\n env {\n DD = "udp://127.0.0.1:8125"\n}\n}'],
    [
      'envoy_dogstatsd_url = "$DD"',
      'sidecar_task {\n env {\n DD = "udp://${attr.unique.network.ip-address}:8125"\n}\n}',
    ],
    ['envoy_stats_bind_addr = "${attr.unique.network.ip-address}:9102"', ""],
    ['envoy_stats_tags = ["a=b"]', ""],
  ])("that is as it should be, or known only with the allocation, is nothing to speak of: %s", (line, sidecarTask) => {
    expect(errorsOf(text({ proxy: `config {\n ${line}\n}`, sidecarTask }))).toBe("");
  });

  test("is found in YAML too", () => {
    const yaml = `job:
  j:
    datacenters: [dc1]
    group:
      g:
        network: { mode: bridge }
        service:
          - name: a
            port: "1"
            connect:
              sidecar_service:
                proxy:
                  config:
                    envoy_stats_bind_addr: nowhere
        task:
          t: { driver: docker, config: { image: i } }
`;
    const [diagnostic] = parseJobFile("job.yaml", yaml).diagnostics;
    expect(diagnostic && formatDiagnostic(diagnostic)).toContain("job.yaml:14:");
  });
});
