/** What `remora parse` prints, and `remora validate` for machines. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { run } from "./run.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "remora-parse-"));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

describe("remora validate --json", () => {
  test("prints everything as one list, and nothing else", async () => {
    await writeFile(join(directory, "a.hcl"), 'job "a" {\n  datacenters = ["dc1"]\n  priority = 70\n}\n');
    const ran = await run(["validate", "--json", directory]);
    const file = join(directory, "a.hcl");
    expect(ran).toMatchObject({ code: 1, stderr: "" });
    expect(JSON.parse(ran.stdout)).toEqual([
      {
        severity: "error",
        file,
        line: 1,
        column: 1,
        summary: "A job needs at least one group",
        detail: 'Write group "NAME" { … } in it',
        snippet: 'job "a" {',
      },
      {
        severity: "warning",
        file,
        line: 3,
        column: 3,
        summary: '"priority" has no effect here in a job block',
        detail: "Every job is run, so none goes before another",
        snippet: "  priority = 70",
      },
    ]);
  });

  test("says what is about a file as a whole at line 0", async () => {
    const ran = await run(["validate", "--json", join(directory, "absent.hcl")]);
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.stdout)).toMatchObject([
      { severity: "error", line: 0, column: 0, summary: "does not exist" },
    ]);
  });
});

describe("remora validate -", () => {
  const input =
    'job "a" {\n  datacenters = ["dc1"]\n  priority = 70\n  task "t" {\n    driver = "docker"\n    config { image = "i" }\n  }\n}\n';

  test("checks the standard input, and what remora parse printed", async () => {
    const warned = await run(["validate", "-"], { input });
    expect(warned).toMatchObject({ code: 0, stdout: "1 file checked: all can be used\n" });
    expect(warned.stderr).toMatch(/^<stdin>:3:3: warning: "priority" has no effect/);
    const { stdout } = await run(["parse", "-"], { input });
    expect(await run(["validate", "-"], { input: stdout })).toMatchObject({ code: 0, stdout: warned.stdout });
  });

  test("tells YAML by its first key, whatever comments go before it", async () => {
    const yaml =
      "# a job\n---\njob:\n  a:\n    datacenters: [dc1]\n    task:\n      t: {driver: docker, config: {image: i}}\n";
    expect(await run(["validate", "-"], { input: yaml })).toMatchObject({ code: 0, stderr: "" });
    const { stdout } = await run(["parse", "-"], { input: yaml });
    expect(JSON.parse(stdout)).toMatchObject({ Job: { ID: "a" } });
    const hcl = `# job: no key\n${input}`;
    expect(await run(["validate", "-"], { input: hcl })).toMatchObject({ code: 0 });
  });

  test("names it where it is wrong, and takes no value for a variable that it does not declare", async () => {
    const ran = await run(["validate", "-"], { input: input.replace("driver", "drivr") });
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining("<stdin>:5:5: ") });
    expect(await run(["validate", "-var", "x=1", "-"], { input })).toMatchObject({ code: 1 });
  });
});

describe("remora parse --expanded", () => {
  const job = `job "a" {
  datacenters = ["dc1"]
  group "g" {
    network {
      mode = "bridge"
      port "probe" {}
    }
    service {
      name = "api"
      port = "9001"
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
    task "web" {
      driver = "docker"
      config {
        image = "i"
      }
    }
  }
}
`;

  test("prints what will run, and prints the same of what it printed", async () => {
    const ran = await run(["parse", "--expanded", "-"], { input: job });
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    const [group] = (JSON.parse(ran.stdout) as { Job: { TaskGroups: { Tasks: { Name: string }[] }[] } }).Job.TaskGroups;
    expect(group?.Tasks.map(({ Name }) => Name)).toEqual(["web", "connect-proxy-api"]);
    expect((await run(["parse", "--expanded", "-"], { input: ran.stdout })).stdout).toBe(ran.stdout);
    expect(ran.stdout).not.toBe((await run(["parse", "-"], { input: job })).stdout);
  });

  test("hides what came from a sensitive variable, also where the environment refers to it", async () => {
    const secret = 'variable "key" {\n  default   = "hunter-2"\n  sensitive = true\n}\n';
    const input = secret + job.replace('driver = "docker"', 'driver = "docker"\n env {\n KEY = "x-${var.key}"\n}');
    for (const flags of [[], ["--expanded"]]) {
      const ran = await run(["parse", ...flags, "-"], { input });
      expect(ran.code).toBe(0);
      expect(ran.stdout).toContain('"KEY"');
      expect(ran.stdout).not.toContain("hunter-2");
    }
  });

  test("prints nothing of a job with an error, and says what it is", async () => {
    const ran = await run(["parse", "--expanded", "-"], { input: job.replace('"http"', '"tcp"') });
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(ran.stderr).toContain("Only http and grpc checks can be exposed");
  });
});

describe("remora parse", () => {
  const job = `job "a" {
  datacenters = ["dc1"]
  priority    = 70
  task "t" {
    driver       = "docker"
    kill_timeout = "7s"
    config {
      image = "i"
    }
  }
}
`;

  test("prints the job as Nomad's API JSON, and warnings beside it", async () => {
    const file = join(directory, "a.hcl");
    await writeFile(file, job);
    const ran = await run(["parse", file]);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain(`${file}:3:3: warning: "priority" has no effect here`);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      Job: { ID: "a", Priority: 70, TaskGroups: [{ Name: "t", Tasks: [{ Name: "t", KillTimeout: 7_000_000_000 }] }] },
    });
    expect((await run(["parse", "-"], { input: job })).stdout).toBe(ran.stdout);
    expect((await run(["parse", "-"], { input: ran.stdout })).stdout).toBe(ran.stdout);
  });

  test("prints nothing but what is wrong where something is", async () => {
    const ran = await run(["parse", "-"], { input: job.replace("image", "imag") });
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(ran.stderr).toContain('<stdin>:8:7: There is no argument "imag" in a task\'s config');
  });

  test("takes variables, and shows nothing of sensitive ones", async () => {
    const text = job
      .replace('"i"', "var.image")
      .replace('"7s"', '"7s"\n    env {\n      URL = "https://me:${var.secret}@db"\n    }')
      .concat('variable "image" {}\nvariable "secret" {\n  sensitive = true\n}\n');
    const ran = await run(["parse", "--var", "image=web:2", "-"], {
      input: text,
      env: { REMORA_VAR_secret: "hunter2" },
    });
    const [group] = (JSON.parse(ran.stdout) as { Job: { TaskGroups: readonly unknown[] } }).Job.TaskGroups;
    expect(group).toMatchObject({
      Tasks: [{ Config: { image: "web:2" }, Env: { URL: expect.stringMatching(/^(?:https:\/\/me:)?\(sensitive\)/) } }],
    });
    expect(ran.stdout + ran.stderr).not.toContain("hunter2");
  });

  describe("of a job with a secret", () => {
    const secret = `variable "pw" {\n  default   = "hunter2"\n  sensitive = true\n}\nvariable "keys" {\n  type      = map(string)\n  default   = { first99 = "1", second99 = "2" }\n  sensitive = true\n}\n`;
    const input =
      secret + job.replace('"7s"', '"7s"\n    env  = { (upper(var.pw)) = "x", URL = var.pw }\n    meta = var.keys');

    test("says that something is hidden, values and keys alike", async () => {
      const ran = await run(["parse", "-"], { input });
      const [group] = (JSON.parse(ran.stdout) as { Job: { TaskGroups: readonly unknown[] } }).Job.TaskGroups;
      expect(group).toMatchObject({
        Tasks: [
          {
            Env: { "(sensitive)": "(sensitive)", URL: "(sensitive)" },
            Meta: { "(sensitive)": "(sensitive)", "(sensitive) 2": "(sensitive)" },
          },
        ],
      });
      expect(ran.stdout + ran.stderr).not.toMatch(/hunter2|first99|second99/i);
      expect(ran.stderr).toContain("is printed as (sensitive): do not run this as a job");
    });

    test("prints it on request, to the standard output only, and says no more of it", async () => {
      const ran = await run(["parse", "--show-sensitive", "-"], { input });
      expect(ran.stdout).toContain('"HUNTER2": "x"');
      expect(ran.stdout).toContain('"URL": "hunter2"');
      expect(ran.stderr).not.toMatch(/sensitive|hunter2/i);
      expect((await run(["parse", "-"], { input: ran.stdout })).stdout).toBe(ran.stdout);
    });

    test("says nothing of hiding where nothing was hidden", async () => {
      expect((await run(["parse", "-"], { input: job })).stderr).not.toContain("sensitive");
    });
  });

  test("reads one file that is there", async () => {
    expect((await run(["parse", directory])).stderr).toBe(`${directory} is a directory: name one of its files\n`);
    const absent = join(directory, "absent.hcl");
    expect(await run(["parse", absent])).toMatchObject({ code: 1, stderr: `${absent}: does not exist\n` });
  });
});
