/** What would be dangerous to leave unheeded is refused at its place. */
import { describe, expect, test } from "vitest";
import { errorsOf, groupText, serviceText, taskText } from "./support.ts";

/** The first line of what people see. */
function headOf(text: string, file?: string): string {
  return errorsOf(text, file).split("\n")[0] ?? "";
}

function checkText(inside: string): string {
  return serviceText(`check {\n type = "tcp"\n interval = "5s"\n timeout = "5s"\n ${inside}\n}`);
}

function connectText(sidecar: string, task = ""): string {
  return serviceText(`port = 1\nconnect {\n sidecar_service { ${sidecar} }\n ${task}\n}`);
}

function sidecarTaskText(inside: string): string {
  return connectText("", `sidecar_task {\n ${inside}\n }`);
}

function upstreamText(name: string): string {
  return connectText(`\nproxy {\nupstreams {\ndestination_name = "${name}"\nlocal_bind_port = 2\n}\n}\n`);
}

const REFERENCE = "A run-time reference is not supported yet in the";
const NO_UID = "The user of a sidecar_task must be a number, not";

test.each([
  [taskText('lifecycle { hook = "poststop" }'), "7:21: A task after the others' end (poststop) cannot be run yet"],
  [
    serviceText('address_mode = "alloc"'),
    "10:16: A service cannot be registered with an address inside the namespace yet",
  ],
  [
    taskText('service { address_mode = "driver" }'),
    "7:27: A service cannot be registered with an address inside the namespace yet",
  ],
  [checkText('port = 1\n address_mode = "driver"'), "15:17: A check cannot reach an address inside the namespace yet"],
  [
    groupText('network {\n port "p" { host_network = "private" }\n}'),
    "6:28: A port cannot be kept to one host network yet",
  ],
  [serviceText('name = "a-${NOMAD_ALLOC_INDEX}"'), `10:8: ${REFERENCE} name of a service`],
  [taskText('service { name = "${TASK}-${node.unique.name}" }'), `7:19: ${REFERENCE} name of a service`],
  [serviceText('port = "${NOMAD_PORT_http}"'), `10:8: ${REFERENCE} port of a service`],
  [checkText('port = "${NOMAD_PORT_http}"'), `14:9: ${REFERENCE} port of a check`],
  [upstreamText("${NOMAD_META_to}"), `15:20: ${REFERENCE} destination_name of an upstream`],
])("%j", (text, head) => {
  expect(errorsOf(text).match(/^job.nomad.hcl:/gm)).toHaveLength(1);
  expect(headOf(text)).toBe(`job.nomad.hcl:${head}`);
});

describe("a sidecar's own settings", () => {
  test.each(["nobody", "101:nogroup", "", "-1", "2147483648", "1:2:3", "${NOMAD_META_uid}"])(
    "cannot have the user %j, for secrets are handed over by number",
    (user) => {
      expect(errorsOf(sidecarTaskText(`user = "${user}"`))).toBe(
        [
          `job.nomad.hcl:14:9: ${NO_UID} "${user}"`,
          `   user = "${user}"`,
          "          ^",
          '  Secrets are handed to it by number: write user = "UID" or "UID:GID", each at most 2147483647',
        ].join("\n"),
      );
    },
  );

  test("cannot have an image that Docker cannot read, or none", () => {
    const text = (image: string) => sidecarTaskText(`config { image = "${image}" }`);
    expect(headOf(text("Envoy"))).toBe("job.nomad.hcl:14:19: Docker cannot read this name of an image");
    expect(headOf(text(""))).toBe("job.nomad.hcl:14:19: The image cannot be empty");
  });
});

describe("a null anywhere in a proxy's config is refused where it stands", () => {
  const sentence = "A null is not supported yet in a proxy's config";

  function proxyText(inside: string): string {
    return serviceText(`port = 1\nconnect {\nsidecar_service {\nproxy {\nconfig {\n${inside}\n}\n}\n}\n}`);
  }

  test.each([
    ["a = null", "15:5"],
    ["a = [1, null]", "15:9"],
    ["a = { b = [{ c = null }] }", "15:18"],
    ["a {\nb = null\n}", "16:5"],
    ['a "x" {\nb = [[null]]\n}', "16:7"],
  ])("%j", (inside, place) => {
    expect(headOf(proxyText(inside))).toBe(`job.nomad.hcl:${place}: ${sentence}`);
  });

  test("an empty YAML value too, at its key", () => {
    const proxy = "connect: {sidecar_service: {proxy: {config: {limits: {max: }}}}}";
    const group = `{network: {mode: bridge}, service: {port: 1, ${proxy}}, task: {t: {driver: docker, config: {image: i}}}}`;
    const text = `job: {j: {datacenters: [dc1], group: {g:\n  ${group}}}}\n`;
    const column = `  ${group}`.indexOf("max:") + 1;
    expect(headOf(text, "job.yaml")).toBe(`job.yaml:2:${column}: ${sentence}`);
  });
});
