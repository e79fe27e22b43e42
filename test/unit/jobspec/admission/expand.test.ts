/** The expanded job: what will run is what it shows, in the form that Nomad's API has for it. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { expanded } from "../../../../src/jobspec/admission/expand.ts";
import { canonicalJob } from "../../../../src/jobspec/canonical/job.ts";
import { parseJobFile } from "../../../../src/jobspec/parse.ts";
import type { Job } from "../../../../src/model/job.ts";
import { allocatePorts } from "../../../../src/reconcilers/ports.ts";
import { taskEnvironment } from "../../../../src/reconcilers/environment.ts";
import { sidecarPlan } from "../../../../src/reconcilers/sidecar-spec.ts";
import { anInfra, aView, envoySettings } from "../../../support/builders.ts";
import { first, jobOf } from "../support.ts";

interface Task {
  readonly Name: string;
  readonly Kind: string;
  readonly Config: Readonly<Record<string, unknown>>;
  readonly Env: Readonly<Record<string, string>> | null;
  readonly Resources: { readonly CPU: number; readonly MemoryMB: number };
  readonly LogConfig: { readonly MaxFiles: number; readonly MaxFileSizeMB: number };
  readonly KillTimeout: number;
  readonly ShutdownDelay: number;
  readonly RestartPolicy: unknown;
  readonly Lifecycle: unknown;
  readonly User: string;
}

interface Group {
  readonly Name: string;
  readonly Tasks: readonly Task[];
  readonly RestartPolicy: unknown;
  readonly Networks: readonly {
    readonly DynamicPorts: readonly { readonly Label: string; readonly To: number }[] | null;
  }[];
  readonly Services: readonly {
    readonly Checks: readonly { readonly PortLabel: string }[];
    readonly Connect: { readonly SidecarService: { readonly Proxy: { readonly Expose: unknown } | null } };
  }[];
}

function groupsOf(text: string): readonly Group[] {
  return (expandedOf(text) as { readonly TaskGroups: readonly Group[] }).TaskGroups;
}

/** As Nomad's API JSON. */
function expandedOf(text: string): unknown {
  const { job, checked, diagnostics } = parseJobFile("job.nomad.hcl", text);
  expect(diagnostics).toEqual([]);
  if (job === undefined || checked === undefined) throw new Error("there is no job");
  return canonicalJob(expanded(checked, job));
}

/** One group with the given services and one task. */
function text(services: string, network = 'port "http" {\n to = 8080\n}'): string {
  return `job "j" {
  datacenters = ["dc1"]
  group "g" {
    network {
      mode = "bridge"
      ${network}
    }
    restart {
      attempts = 5
    }
    ${services}
    task "web" {
      driver = "docker"
      env {
        SELF = "http://127.0.0.1:\${NOMAD_PORT_http}/\${NOMAD_ALLOC_ID}"
      }
      config {
        image = "i"
      }
    }
  }
}
`;
}

function service(name: string, inside = ""): string {
  return `service {
      name = "${name}"
      port = "9001"
      connect {
        sidecar_service {}
        ${inside}
      }
    }
    `;
}

const EXPOSED = `service {
      name = "api"
      port = "http"
      check {
        name     = "health"
        type     = "http"
        path     = "/health"
        interval = "10s"
        timeout  = "2s"
        expose   = true
      }
      connect {
        sidecar_service {}
      }
    }
    `;

function sidecarOf(inside: string): Task {
  return first(first(groupsOf(text(service("api", inside)))).Tasks.slice(1));
}

describe("the expanded job", () => {
  test("of countdash is the one that is kept", async () => {
    const file = readFileSync(new URL("../../../../examples/countdash/countdash.nomad.hcl", import.meta.url), "utf8");
    await expect(JSON.stringify(expandedOf(file), undefined, 2)).toMatchFileSnapshot(
      "golden/countdash.expanded.golden",
    );
  });

  test("of an exposed check is the one that is kept", async () => {
    const job = expandedOf(text(EXPOSED, 'port "http" {\n static = 80\n to = 8080\n}'));
    await expect(JSON.stringify(job, undefined, 2)).toMatchFileSnapshot("golden/exposed.expanded.golden");
  });

  test("of what needs nothing differs from the canonical one in the environment alone", () => {
    const plain = text("");
    const without = (file: unknown): unknown =>
      JSON.parse(JSON.stringify(file), (key, value: unknown) => (key === "Env" ? null : value));
    const { checked } = parseJobFile("j.hcl", plain);
    expect(without(expandedOf(plain))).toEqual(without(checked && canonicalJob(checked)));
  });

  test("has a sidecar and a port for each of two services of a group, after what is written", () => {
    const group = first(groupsOf(text(service("one") + service("two"), 'port "http" {}')));
    expect(group.Tasks.map(({ Name, Kind }) => [Name, Kind])).toEqual([
      ["web", ""],
      ["connect-proxy-one", "connect-proxy:one"],
      ["connect-proxy-two", "connect-proxy:two"],
    ]);
    expect(first(group.Networks).DynamicPorts?.map(({ Label, To }) => [Label, To])).toEqual([
      ["http", 0],
      ["connect-proxy-one", -1],
      ["connect-proxy-two", -1],
    ]);
    expect(group.Tasks.map(({ RestartPolicy }) => RestartPolicy)).toEqual(
      [1, 2, 3].map(() => expect.objectContaining({ Attempts: 5 })),
    );
  });

  test("keeps a port that the job gives the sidecar", () => {
    const own = service("api").replace("sidecar_service {}", 'sidecar_service {\n port = "public"\n}');
    const group = first(groupsOf(text(own, 'port "public" {\n static = 443\n}\nport "http" {\n static = 80\n}')));
    expect(first(group.Networks).DynamicPorts).toBeNull();
  });

  test("gives their ports to the exposed checks alone, whatever stands between them", () => {
    const check = (type: string, more: string): string =>
      `check {\n name = "${type} ${more.length}"\n type = "${type}"\n interval = "9s"\n timeout = "2s"\n ${more}\n}\n`;
    const script = check("script", 'command = "true"\n task = "web"');
    const exposed = check("http", 'path = "/x"\n expose = true');
    const file = text(
      service("api").replace("connect {", `${script}${exposed}${check("http", 'path = "/"')}connect {`),
    );
    const { job, checked } = parseJobFile("job.nomad.hcl", file);
    if (job === undefined || checked === undefined) throw new Error("there is no job");
    const { TaskGroups } = canonicalJob(expanded(checked, job)) as unknown as { readonly TaskGroups: readonly Group[] };
    const ports = first(first(TaskGroups).Services).Checks.map(({ PortLabel }) => PortLabel);
    expect(ports).toEqual(["", expect.stringMatching(/^svc_api_ck_/), ""]);
  });

  test("fills in what the environment refers to, by either name of an upstream or port", () => {
    const upstream =
      'sidecar_service {\n proxy {\n upstreams {\n destination_name = "a-b"\n local_bind_port = 7\n}\n}\n}';
    const file = text(service("api").replace("sidecar_service {}", upstream)).replace(
      "SELF =",
      'RAW = "${NOMAD_UPSTREAM_ADDR_a-b}"\nCLEAN = "${NOMAD_UPSTREAM_PORT_a_b}"\nSELF =',
    );
    const { Env } = first(first(groupsOf(file)).Tasks);
    expect(Env).toMatchObject({ RAW: "127.0.0.1:7", CLEAN: "7", NOMAD_UPSTREAM_IP_a_b: "127.0.0.1" });
    expect(Env).not.toHaveProperty("NOMAD_UPSTREAM_IP_a-b");
  });

  test("shows in the environment what is known by now, and leaves the rest as it is written", () => {
    const { Env } = first(first(groupsOf(text(""))).Tasks);
    expect(Env).toMatchObject({
      SELF: "http://127.0.0.1:8080/${NOMAD_ALLOC_ID}",
      NOMAD_PORT_http: "8080",
      NOMAD_TASK_NAME: "web",
    });
    expect(Env).not.toHaveProperty("NOMAD_HOST_PORT_http");
  });
});

describe("a sidecar_task", () => {
  const DEFAULTS = {
    Resources: { CPU: 250, MemoryMB: 128 },
    LogConfig: { MaxFiles: 2, MaxFileSizeMB: 2 },
    KillTimeout: 5e9,
    ShutdownDelay: 5e9,
    Lifecycle: { Hook: "prestart", Sidecar: true },
    User: "101:101",
  };

  test.each([
    ["", {}],
    ["sidecar_task {}", {}],
    ["sidecar_task {\n resources {\n cpu = 500\n}\n}", { Resources: { CPU: 500, MemoryMB: 128 } }],
    ["sidecar_task {\n resources {\n memory = 64\n}\n}", { Resources: { CPU: 250, MemoryMB: 64 } }],
    ['sidecar_task {\n kill_timeout = "9s"\n}', { KillTimeout: 9e9 }],
    ['sidecar_task {\n shutdown_delay = "0s"\n}', { ShutdownDelay: 0 }],
    ['sidecar_task {\n user = "7"\n}', { User: "7" }],
    ['sidecar_task {\n env {\n A = "1"\n}\n}', { Env: { A: "1" } }],
  ])("changes what it mentions and resets nothing: %s", (inside, changed) => {
    expect(sidecarOf(inside)).toMatchObject({ ...DEFAULTS, ...changed });
  });

  test("has its config merged key by key", () => {
    expect(sidecarOf('sidecar_task {\n config {\n image = "mine:1"\n}\n}').Config).toEqual({
      image: "mine:1",
      args: sidecarOf("").Config["args"],
    });
    expect(sidecarOf('sidecar_task {\n config {\n args = ["-x"]\n}\n}').Config).toEqual({
      image: "${meta.connect.sidecar_image}",
      args: ["-x"],
    });
  });
});

describe("what is shown is what runs:", () => {
  const settings = envoySettings();
  const source = text(
    EXPOSED + service("two", "sidecar_task {\n resources {\n cpu = 99\n}\n}"),
    'port "http" {\n to = 1\n}',
  );
  const view = (job: Job): ReturnType<typeof aView> => aView({ job, group: first(job.groups), settings });

  test("the ports of an allocation", () => {
    const group = first(jobOf(source).groups);
    const shown = first(first(groupsOf(source)).Networks).DynamicPorts?.map(({ Label }) => Label) ?? [];
    const ports = allocatePorts(group, settings, new Set(), () => 0) ?? [];
    expect(
      ports
        .filter(({ role }) => role !== "ready")
        .map(({ label }) => label)
        .sort(),
    ).toEqual([...shown].sort());
  });

  test("limits, user, logs and order of ending of each sidecar", () => {
    const alloc = view(jobOf(source));
    for (const [at, each] of alloc.group.services.entries()) {
      const plan = sidecarPlan(alloc, each, anInfra(), { count: 0, since: 0 });
      if ("problem" in plan) throw new Error(plan.problem);
      const shown = first(groupsOf(source)).Tasks[at + 1];
      const { memory, cpuShares, user, logs, command } = plan.spec;
      expect(shown).toMatchObject({
        Resources: { CPU: cpuShares, MemoryMB: (memory ?? 0) / 1024 / 1024 },
        User: user,
        LogConfig: { MaxFiles: logs.maxFiles, MaxFileSizeMB: logs.maxSizeMb },
      });
      expect(command?.slice(0, 1)).toEqual((shown?.Config["args"] as readonly string[] | undefined)?.slice(0, 1));
    }
  });

  test("the environment of a task, but for what its allocation adds", () => {
    const alloc = view(jobOf(source));
    const shown = first(first(groupsOf(source)).Tasks).Env ?? {};
    const real = taskEnvironment(alloc, first(alloc.group.tasks));
    const { SELF, ...known } = shown;
    expect(real).toMatchObject(known);
    expect(real["SELF"]).toBe(SELF?.replace("${NOMAD_ALLOC_ID}", alloc.ref.alloc));
  });
});
