/** The commands, as a user meets them. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { OPTIONS } from "../../../src/cli/schema.ts";
import { UserError } from "../../../src/cli/user-error.ts";
import { controlApp } from "../../../src/server/control-app.ts";
import { listenControl, listenTcp } from "../../../src/server/listen.ts";
import type { Listening } from "../../../src/server/listen.ts";
import { readApp } from "../../../src/server/read-app.ts";
import type { ReadSide } from "../../../src/server/read-side.ts";
import { aReadSide, aStatus } from "../server/status.ts";
import { run } from "./run.ts";
import type { Surroundings } from "./run.ts";

let directory: string;
const open: Listening[] = [];
const stopped: string[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "remora-cli-"));
  stopped.length = 0;
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((listening) => listening.close()));
  await rm(directory, { recursive: true, force: true });
});

const unexpected = (error: unknown): never => expect.unreachable(String(error));

/** An agent's server on its control socket and on an HTTP address, which is returned. */
async function anAgent(more: Partial<ReadSide> = {}): Promise<string> {
  const read = aReadSide(more);
  const stopJob = (id: string) => {
    stopped.push(id);
    if (id === "countdash") return Promise.resolve({ outcome: "stopping", message: "countdash stops" } as const);
    return Promise.resolve({ outcome: "unknown", message: `There is no job "${id}" here` } as const);
  };
  open.push(
    await listenControl(
      controlApp(read, { stopJob, plan: () => expect.unreachable() }, unexpected),
      join(directory, "remora.sock"),
    ),
  );
  const tcp = await listenTcp(readApp(read, { hosts: [], onError: unexpected }), { host: "127.0.0.1", port: 0 });
  open.push(tcp);
  return tcp.address;
}

function inState(...argv: readonly string[]): readonly string[] {
  return [...argv, "--state-dir", directory];
}

describe("remora", () => {
  test("--version says the version, --help lists the commands", async () => {
    expect(await run(["--version"])).toMatchObject({ code: 0, stdout: "0.1.0\n" });
    const { stdout, code } = await run(["--help"]);
    expect(code).toBe(0);
    for (const command of [
      "agent",
      "validate",
      "fmt",
      "parse",
      "schema",
      "plan",
      "status",
      "job",
      "purge",
      "healthcheck",
      "relay",
    ])
      expect(stdout).toContain(`\n  ${command} `);
  });

  test("a mistyped command or flag ends with code 1 and what was probably meant", async () => {
    const command = await run(["agnet"]);
    expect(command).toMatchObject({ code: 1, stdout: "" });
    expect(command.stderr).toContain("Did you mean agent?");
    expect((await run(["agent", "--job", "x"])).stderr).toContain("Did you mean --jobs?");
  });

  test("an error that is the user's is a sentence, an unexpected one comes with its stack", async () => {
    const fail = (reason: Error): Surroundings => ({
      actions: {
        runAgent: async () => {
          throw reason;
        },
      },
    });
    expect(await run(["agent"], fail(new UserError("The disk is full")))).toMatchObject({
      code: 1,
      stderr: "The disk is full\n",
    });
    expect((await run(["agent"], fail(new TypeError("x is undefined")))).stderr).toContain("\n    at ");
  });
});

describe("remora agent", () => {
  test("gets its configuration from flags and environment, and its exit code goes out", async () => {
    const ran = await run(["agent", "--jobs", "/j", "--dead-man", "5m"], { env: { REMORA_NODE: "n" } });
    expect(ran.agents).toMatchObject([{ jobs: "/j", deadMan: 300_000, node: "n" }]);
    expect(ran.code).toBe(0);
    expect((await run(["agent"], { actions: { runAgent: () => Promise.resolve(3) } })).code).toBe(3);
  });

  test("is not begun with a wrong option", async () => {
    const ran = await run(["agent", "--workers", "0"]);
    expect(ran).toMatchObject({ code: 1, stderr: "--workers: must be a whole number from 1 to 64\n", agents: [] });
  });

  test("a mistake in its arguments points to the help of that very command", async () => {
    expect((await run(["parse", "--json", "x"])).stderr).toContain('("remora parse --help" says more)');
    expect((await run(["job", "stop", "--nonsense"])).stderr).toContain('("remora job stop --help" says more)');
    expect((await run(["--nonsense"])).stderr).toContain('("remora --help" says more)');
  });

  test("--help shows every option with its variables and default, and the token's variable but no flag", async () => {
    const { stdout } = await run(["agent", "--help"]);
    const flat = stdout.replace(/\s+/g, " ");
    for (const { name, description, variables, default: given, flag } of OPTIONS) {
      expect(flat).toContain(description);
      expect(flat).toContain(`env: ${variables.join(", ")}`);
      if (given !== undefined) expect(flat).toContain(`default: ${given}`);
      expect(flat.includes(`--${name} <`), name).toBe(flag !== false);
    }
  });
});

describe("remora relay", () => {
  test("passes on where to listen and where to lead", async () => {
    const ran = await run(["relay", "--directory", "/consul", "--http", "http://127.0.0.1:8500"]);
    expect(ran.relays).toEqual([{ directory: "/consul", http: "http://127.0.0.1:8500" }]);
    expect((await run(["relay", "--directory", "/consul"])).code).toBe(1);
  });
});

describe("values of variables", () => {
  const text =
    'variable "image" {}\nvariable "pw" {\n sensitive = true\n default = ""\n}\njob "v" {\n  datacenters = ["dc1"]\n  group "g" {\n    task "t" {\n      driver = "docker"\n      config {\n        image = var.image\n      }\n    }\n  }\n}\n';
  const file = () => join(directory, "v.nomad");

  beforeEach(() => writeFile(file(), text));

  test("come from flags, in Nomad's spelling too, from var files and from the environment", async () => {
    await writeFile(join(directory, "v.vars"), 'image = "web:2"\n');
    const ways = [
      ["--var", "image=web:1"],
      ["--var=image=web:1"],
      ["-var", "image=web:1"],
      ["-var=image=web:1"],
      ["--var-file", join(directory, "v.vars")],
      [`-var-file=${join(directory, "v.vars")}`],
    ];
    for (const flags of ways) expect((await run(["validate", ...flags, file()])).code).toBe(0);
    expect((await run(["validate", file()], { env: { REMORA_VAR_image: "web:1" } })).code).toBe(0);
    expect(
      (await run(["validate", file()], { env: { REMORA_VAR_image: "web:1", NOMAD_VAR_image: "BAD IMAGE" } })).code,
    ).toBe(0);
    expect((await run(["validate", file()])).stderr).toContain('Unset variable "image"');
  });

  test("that no variable is there for are a mistake for one file, and none for a directory", async () => {
    const flags = ["--var", "image=web:1", "--var", "imgae=web:1"];
    const alone = await run(["validate", ...flags, file()]);
    expect(alone).toMatchObject({ code: 1 });
    expect(alone.stderr).toContain('There is no variable "imgae", which --var sets');
    expect((await run(["validate", ...flags, directory])).code).toBe(0);
  });

  test("are in no message, whatever is wrong with them", async () => {
    await writeFile(join(directory, "v.vars"), 'pw = "s3cret\n');
    const ways = [
      ["--var", "s3cret"],
      ["--var", "=s3cret"],
      ["--var-file", join(directory, "v.vars")],
      ["--var", "image=web:1", "--var", 'pw=["s3cret'],
    ];
    for (const flags of ways) {
      const { stdout, stderr } = await run(["validate", ...flags, file()]);
      expect(stdout + stderr).not.toContain("s3cret");
    }
    expect((await run(["validate", "--var-file", join(directory, "none"), file()])).stderr).toContain(
      "The var file cannot be read",
    );
  });

  test("reach the agent in their order: environment, files, flags", async () => {
    await writeFile(join(directory, "v.vars"), "a = 1\n");
    const ran = await run(["agent", "--var", "a=2", "--var-file", join(directory, "v.vars")], {
      env: { REMORA_VAR_a: "4", NOMAD_VAR_a: "3", OTHER: "5" },
    });
    const [variables = []] = ran.variables;
    expect(variables.map(({ name, from, where }) => [name, from, where])).toEqual([
      ["a", "environment", "NOMAD_VAR_a"],
      ["a", "environment", "REMORA_VAR_a"],
      ["a", "file", `${join(directory, "v.vars")}:1:1`],
      ["a", "flag", "--var"],
    ]);
  });
});

describe("remora validate", () => {
  const job = (id: string): string =>
    `job "${id}" {\n  datacenters = ["dc1"]\n  group "g" {\n    task "t" {\n      driver = "docker"\n      config {\n        image = "web:1"\n      }\n    }\n  }\n}\n`;

  test("good files end with code 0", async () => {
    await writeFile(join(directory, "a.nomad"), job("a"));
    const ran = await run(["validate", directory, join(directory, "a.nomad")]);
    expect(ran).toMatchObject({ code: 0, stdout: "1 file checked: all can be used\n", stderr: "" });
  });

  test("bad files end with code 1 and every problem with its place, and good ones beside them are not named", async () => {
    await writeFile(join(directory, "a.nomad"), job("a").replace("driver", "drivr"));
    await writeFile(join(directory, "b.hcl"), 'job "b" {');
    await writeFile(join(directory, "c.nomad"), job("c"));
    const ran = await run(["validate", directory]);
    expect(ran).toMatchObject({ code: 1, stdout: "3 files checked: 2 cannot be used\n" });
    expect(ran.stderr).toContain(`${join(directory, "a.nomad")}:5:7: `);
    expect(ran.stderr).toContain(`${join(directory, "b.hcl")}:1:`);
    expect(ran.stderr).not.toContain("c.nomad");
  });

  test("two files of one directory that declare the same job are both refused", async () => {
    await mkdir(join(directory, "x"));
    for (const name of ["a.nomad", "x/b.nomad"]) await writeFile(join(directory, name), job("same"));
    const ran = await run(["validate", directory]);
    expect(ran).toMatchObject({ code: 1, stdout: "2 files checked: 2 cannot be used\n" });
    const [a, b] = [join(directory, "a.nomad"), join(directory, "x/b.nomad")];
    expect(ran.stderr).toContain(
      `${b}:1:1: The job "same" is declared in ${a} too; the agent would follow neither\n  job "same" {`,
    );
    expect(ran.stderr).toContain(`  ${a}:1:1: The other one is here\n    job "same" {`);
    const apart = await run(["validate", join(directory, "a.nomad"), join(directory, "x")]);
    expect(apart.code).toBe(0);
  });

  test("what is not there, or an empty directory, is no success", async () => {
    const absent = await run(["validate", join(directory, "absent.nomad")]);
    expect(absent).toMatchObject({ code: 1, stderr: `${join(directory, "absent.nomad")}: does not exist\n` });
    expect(await run(["validate", directory])).toMatchObject({ code: 1, stdout: "There are no job files there\n" });
  });
});

describe("remora status", () => {
  test("shows what runs, over the control socket and over HTTP", async () => {
    const address = await anAgent();
    const expected = [
      "Remora 0.1.0, instance remora on web-1",
      "",
      "JOB        GROUP  ALLOC     STATE    SERVICES                          REASON",
      "countdash  api    1f3c9a2b  running  count-api serving 10.0.0.1:20001",
      "",
    ].join("\n");
    expect(await run(inState("status"))).toMatchObject({ code: 0, stdout: expected, stderr: "" });
    expect(await run(["status", "--http-addr", address])).toMatchObject({ code: 0, stdout: expected });
  });

  test("--json prints the status whole", async () => {
    await anAgent();
    expect(JSON.parse((await run(inState("status", "--json"))).stdout)).toEqual(aStatus());
  });

  test("without an agent it is one sentence that says what to do", async () => {
    const ran = await run(inState("status"));
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(ran.stderr).toMatch(/^No Remora agent answers at .*remora\.sock: start one .*\n$/);
    expect(ran.stderr.split("\n")).toHaveLength(2);
  });

  test("something else that answers is told as such", async () => {
    await anAgent({ status: () => JSON.parse('{"hello": 1}') as ReturnType<ReadSide["status"]> });
    expect((await run(inState("status"))).stderr).toContain("no Remora agent of this version");
  });
});

describe("remora job stop", () => {
  test("asks the agent, under whatever id", async () => {
    await anAgent();
    expect(await run(inState("job", "stop", "countdash"))).toMatchObject({ code: 0, stdout: "countdash stops\n" });
    const unknown = await run(inState("job", "stop", "a/b c"));
    expect(unknown).toMatchObject({ code: 1, stderr: 'There is no job "a/b c" here\n' });
    expect(stopped).toEqual(["countdash", "a/b c"]);
  });
});

describe("remora healthcheck", () => {
  test("ends with 0 if the agent is alive, else with 1", async () => {
    let live = true;
    const env = { REMORA_STATE_DIR: directory, REMORA_HTTP_ADDR: await anAgent({ live: () => live }) };
    expect((await run(["healthcheck"], { env })).code).toBe(0);
    live = false;
    expect((await run(["healthcheck"], { env })).code).toBe(1);
    await Promise.all(open.splice(0).map((listening) => listening.close()));
    expect((await run(["healthcheck"], { env })).code).toBe(1);
  });

  test("finds the agent by its socket, whatever HTTP address the agent was given, and by HTTP where there is no socket", async () => {
    const address = await anAgent();
    const [nobody, nowhere] = ["127.0.0.1:1", join(directory, "none")];
    const check = async (stateDir: string, httpAddr: string): Promise<number> =>
      (await run(["healthcheck"], { env: { REMORA_STATE_DIR: stateDir, REMORA_HTTP_ADDR: httpAddr } })).code;
    expect(await check(directory, nobody)).toBe(0);
    expect(await check(nowhere, address)).toBe(0);
    expect(await check(nowhere, nobody)).toBe(1);
  });

  test("asks the loopback address of an agent that listens on all", async () => {
    const port = (await anAgent()).split(":")[1];
    expect((await run(["healthcheck", "--http-addr", `:${port}`])).code).toBe(0);
  });
});

describe("remora purge", () => {
  test("asks for the instance's name, and does nothing on any other answer", async () => {
    const yes = await run(inState("purge", "--instance", "blue"), { answer: "blue" });
    expect(yes.purges).toMatchObject([{ instance: "blue", stateDir: directory }]);
    expect(yes.stderr).toContain('everything that instance "blue" runs');
    for (const answer of ["y", "", "remora"]) {
      const no = await run(inState("purge", "--instance", "blue"), { answer });
      expect(no).toMatchObject({ code: 1, purges: [] });
      expect(no.stderr).toContain("Nothing was removed");
    }
  });

  test("without a terminal it needs --yes", async () => {
    expect(await run(inState("purge"))).toMatchObject({ code: 1, purges: [] });
    expect((await run(inState("purge", "--yes"))).purges).toHaveLength(1);
  });

  test("refuses while an agent answers, unless forced", async () => {
    await anAgent();
    const refused = await run(inState("purge", "--yes"));
    expect(refused).toMatchObject({ code: 1, purges: [] });
    expect(refused.stderr).toContain("stop it first");
    expect((await run(inState("purge", "--yes", "--force"))).purges).toHaveLength(1);
  });
});
