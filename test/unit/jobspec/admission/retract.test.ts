/** What Nomad added to a job that it runs is passed over, so that it is not there twice. */
import { describe, expect, test } from "vitest";
import { parseJobFile } from "../../../../src/jobspec/parse.ts";
import type { TaskGroup } from "../../../../src/model/job.ts";
import { first, jobOf } from "../support.ts";

const WEB = { Name: "web", Driver: "docker", Config: { image: "i" } };
const SIDECAR = { Name: "connect-proxy-api", Kind: "connect-proxy:api", Driver: "docker", Config: { image: "envoy" } };
const SERVICE = { Name: "api", PortLabel: "9001", Namespace: "default", Connect: { SidecarService: {} } };

/** As the API shows a job. */
function shown(services: readonly object[], tasks: readonly object[]): string {
  const ports = [
    { Label: "http", Value: 0, To: 0 },
    { Label: "connect-proxy-api", Value: 0, To: -1 },
  ];
  const network = { Mode: "bridge", DynamicPorts: ports };
  const group = { Name: "g", Tasks: tasks, Services: services, Networks: [network] };
  return JSON.stringify({ Job: { ID: "j", Datacenters: ["dc1"], TaskGroups: [group] } });
}

function groupOf(text: string): TaskGroup {
  return first(jobOf(text, "job.json").groups);
}

describe("Nomad's API JSON of a running job", () => {
  test("loses the sidecar's task and port, and its services their namespace", () => {
    const group = groupOf(shown([SERVICE], [WEB, SIDECAR]));
    expect(group.tasks.map(({ name }) => name)).toEqual(["web"]);
    expect(group.network.ports.map(({ label }) => label)).toEqual(["http"]);
    expect(group.services.map(({ name }) => name)).toEqual(["api"]);
  });

  test("keeps a port of that label where no sidecar's task was added", () => {
    expect(groupOf(shown([SERVICE], [WEB])).network.ports.map(({ label }) => label)).toEqual([
      "http",
      "connect-proxy-api",
    ]);
  });

  test("is refused where such a task stands for no service with a sidecar", () => {
    const { diagnostics } = parseJobFile("job.json", shown([{ ...SERVICE, Connect: null }], [WEB, SIDECAR]));
    expect(diagnostics.map(({ summary }) => summary)).toEqual(["A task cannot be made the proxy of a service by hand"]);
  });
});
