/** `remora plan` as a user meets it, beside an agent that answers from a sheet. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { paintFor } from "../../../src/cli/colours.ts";
import { planText } from "../../../src/cli/plan-text.ts";
import type { Plan, PlanRequest, PlanResult } from "../../../src/model/plan.ts";
import { controlApp } from "../../../src/server/control-app.ts";
import { listenControl, type Listening } from "../../../src/server/listen.ts";
import { anError } from "../../support/builders.ts";
import { aReadSide } from "../server/status.ts";
import { run, type Ran } from "./run.ts";

const JOB = `job "web" {
  datacenters = ["dc1"]

  group "main" {
    network {
      port "http" {
        static = 8080
      }
    }

    task "web" {
      driver = "docker"

      config {
        image = "web:1"
      }
    }
  }
}
`;

const none: Plan = { changes: false, jobs: [], files: [] };

/** Every kind of line. */
const all: Plan = {
  changes: true,
  files: [],
  jobs: [
    {
      id: "countdash",
      file: "countdash.nomad.hcl",
      action: "change",
      fields: [{ path: ["priority"], change: "changed", before: "50", after: "60", cost: "nothing" }],
      groups: [
        {
          group: "api",
          cost: "replace (start-first)",
          allocations: { create: 1, keep: 0, replace: 2, stop: 0 },
          fields: [
            {
              path: ['task "web"', "config", "image"],
              change: "changed",
              before: '"a:1"',
              after: '"a:2"',
              cost: "replace",
            },
            { path: ['task "web"', "env", "NEW"], change: "added", after: '"\u001B[2J"', cost: "replace" },
            { path: ['service "old"'], change: "removed", cost: "in place" },
          ],
        },
        {
          group: "dashboard",
          cost: "replace (stop-first)",
          ports: [9002],
          allocations: { create: 0, keep: 0, replace: 1, stop: 0 },
          reason: "what runs is of an earlier version",
          fields: [],
        },
        { group: "same", cost: "nothing", allocations: { create: 0, keep: 1, replace: 0, stop: 0 }, fields: [] },
      ],
    },
    {
      id: "gone",
      action: "stop",
      fields: [],
      groups: [{ group: "g", cost: "stop", allocations: { create: 0, keep: 0, replace: 0, stop: 1 }, fields: [] }],
    },
    {
      id: "thief",
      file: "thief.hcl",
      action: "hold",
      reason: "thief.hcl asks for a port that is taken",
      fields: [],
      groups: [],
    },
  ],
};

const terminal = { stdout: { write: () => undefined, terminal: true }, env: {} };

describe("the page", () => {
  test("names each job, what each group costs, and each field", () => {
    expect(planText(all, (_, text) => text)).toBe(`~ job "countdash" (countdash.nomad.hcl): changes
  ~ priority: 50 -> 60 (nothing)
  group "api": replace (start-first), 2 allocations replaced, 1 allocation created
    ~ task "web" > config > image: "a:1" -> "a:2" (replace)
    + task "web" > env > NEW: "\uFFFD[2J" (replace)
    - service "old" (in place)
  group "dashboard": replace (stop-first: static port 9002), 1 allocation replaced
    what runs is of an earlier version
  group "same": nothing, 1 allocation kept

- job "gone": stops
  group "g": stop, 1 allocation stopped

! job "thief" (thief.hcl): held: thief.hcl asks for a port that is taken

Changes: 3 allocations replaced, 1 allocation created, 1 allocation stopped, 1 allocation kept. 1 job is held.
`);
    expect(planText(none, (_, text) => text)).toBe("No change.\n");
  });

  test("is coloured for a person, and plain with NO_COLOR and through a pipe", () => {
    expect(planText(all, paintFor(terminal))).toContain(
      '\u001B[33m~ task "web" > config > image: "a:1" -> "a:2"\u001B[0m',
    );
    for (const plain of [
      { ...terminal, env: { NO_COLOR: "1" } },
      { ...terminal, stdout: { ...terminal.stdout, terminal: false } },
    ])
      expect(planText(all, paintFor(plain))).toBe(planText(all, (_, text) => text));
    expect(planText(none, paintFor({ ...terminal, env: { NO_COLOR: "" } }))).toBe("No change.\n");
    expect(planText(all, paintFor({ ...terminal, env: { NO_COLOR: "" } }))).toContain("\u001B[");
  });
});

describe("remora plan", () => {
  let directory: string;
  let listening: Listening | undefined;
  const asked: PlanRequest[] = [];

  const answer = async (result: PlanResult): Promise<void> => {
    const plan = (request: PlanRequest): PlanResult => {
      asked.push(request);
      return result;
    };
    const control = controlApp(aReadSide(), { plan, stopJob: () => expect.unreachable() }, (error) =>
      expect.unreachable(String(error)),
    );
    listening = await listenControl(control, join(directory, "remora.sock"));
  };
  const plan = (...args: readonly string[]): Promise<Ran> => run(["plan", "--state-dir", directory, ...args]);
  const file = async (name: string, text = JOB): Promise<string> => {
    await writeFile(join(directory, name), text);
    return join(directory, name);
  };

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "remora-plan-"));
    asked.length = 0;
  });
  afterEach(async () => {
    await listening?.close();
    listening = undefined;
    await rm(directory, { recursive: true, force: true });
  });

  test("asks about one file, a directory, or what the agent watches", async () => {
    await answer({ outcome: "planned", plan: none });
    const path = await file("web.hcl");
    for (const args of [[path], [directory], []])
      expect(await plan(...args)).toMatchObject({ code: 0, stdout: "No change.\n", stderr: "" });
    const [one, whole, own] = asked;
    expect(one).toMatchObject({ version: "0.1.0", whole: false, sensitive: [] });
    expect(one?.files).toMatchObject([
      {
        path,
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        job: { id: "web" },
        ports: [{ port: 8080, place: { line: 7 } }],
      },
    ]);
    expect(whole).toMatchObject({ whole: true, files: [{ path }] });
    expect(own).not.toHaveProperty("files");
  });

  test("reads a job from the standard input", async () => {
    await answer({ outcome: "planned", plan: none });
    expect(await run(["plan", "--state-dir", directory, "-"], { input: JOB })).toMatchObject({ code: 0 });
    expect(asked).toMatchObject([
      { whole: false, files: [{ job: { id: "web" }, hash: expect.stringMatching(/^[0-9a-f]{64}$/) }] },
    ]);
  });

  test("gives variables their values, and tells the agent which texts are sensitive", async () => {
    await answer({ outcome: "planned", plan: none });
    const secret = 'variable "key" {\n  type      = string\n  sensitive = true\n}\n';
    const path = await file(
      "web.hcl",
      `${secret}${JOB.replace("config {", 'env {\n        KEY = "key=${var.key}"\n      }\n\n      config {')}`,
    );
    expect(await plan(path)).toMatchObject({ code: 255, stderr: expect.stringContaining("key") });
    expect(await plan(path, "--var", "key=s3cret")).toMatchObject({ code: 0 });
    expect(asked[0]?.sensitive).toContain("s3cret");
    expect(asked[0]?.files?.[0]).toMatchObject({
      inputs: expect.any(String),
      job: { groups: [{ tasks: [{ env: { KEY: "key=s3cret" } }] }] },
    });
    expect(await plan(path, "--var", "other=1")).toMatchObject({ code: 255 });
  });

  test("ends with 1 for a change, and prints the plan as JSON if told to", async () => {
    await answer({ outcome: "planned", plan: { ...all, jobs: all.jobs.slice(0, 2) } });
    const ran = await plan("--json");
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.stdout)).toEqual({ ...all, jobs: all.jobs.slice(0, 2) });
  });

  test("ends with 255 where a job is held, and says what is wrong with the agent's own files", async () => {
    const files = [{ path: "a.hcl", ok: false, diagnostics: [anError("there is no such key")] }];
    await answer({ outcome: "planned", plan: { ...all, files } });
    expect(await plan()).toMatchObject({ code: 255, stderr: "a.hcl:1:1: there is no such key\n" });
  });

  test("of a directory in which a file is broken says what, where, and asks nothing", async () => {
    await answer({ outcome: "planned", plan: none });
    await file("web.hcl");
    await file("bad.hcl", JOB.replace("driver", "drivr"));
    const ran = await plan(directory);
    expect(ran).toMatchObject({ code: 255, stdout: "" });
    expect(ran.stderr).toContain(`${join(directory, "bad.hcl")}:12:7: `);
    expect(asked).toEqual([]);
  });

  test("ends with 255 and a sentence when the agent refuses, is not there, or does not know the flag", async () => {
    expect(await plan()).toMatchObject({ code: 255, stderr: expect.stringContaining("No Remora agent answers") });
    await answer({ outcome: "refused", message: "the agent is of another version" });
    expect(await plan()).toMatchObject({ code: 255, stderr: "the agent is of another version\n", stdout: "" });
    expect(await plan("--jsn")).toMatchObject({ code: 255, stderr: expect.stringContaining("--json") });
    expect(await plan("--help")).toMatchObject({ code: 0 });
    expect(await plan(join(directory, "nowhere.hcl"))).toMatchObject({ code: 255 });
  });
});

describe("remora validate", () => {
  test("tells two jobs of a directory that want the same static port, with both places; not where they never meet", async () => {
    const directory = await mkdtemp(join(tmpdir(), "remora-ports-"));
    const other = (datacenter: string): string =>
      JOB.replace('"web" {\n  d', '"other" {\n  d').replace("dc1", datacenter);
    await writeFile(join(directory, "web.hcl"), JOB);
    await writeFile(join(directory, "other.hcl"), other("dc1"));
    const ran = await run(["validate", directory]);
    expect(ran).toMatchObject({ code: 1, stdout: "2 files checked: 2 cannot be used\n" });
    expect(ran.stderr).toContain(
      `${join(directory, "other.hcl")}:7:18: The static port 8080 is also asked for by the job "web"`,
    );
    expect(ran.stderr).toContain(`  ${join(directory, "web.hcl")}:7:18: the group "main" asks for it here`);
    await writeFile(join(directory, "other.hcl"), other("dc2"));
    expect(await run(["validate", directory])).toMatchObject({ code: 0 });
    await rm(directory, { recursive: true });
  });
});
