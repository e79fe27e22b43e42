/** What differs between two versions of a group, in the words of job files. */
import { describe, expect, test } from "vitest";
import { diffFields } from "../../../src/model/diff.ts";
import { durationText } from "../../../src/model/duration.ts";
import { GROUP, JOB } from "../../../src/model/fields/job.ts";
import type { TaskGroup } from "../../../src/model/job.ts";
import type { FieldChange } from "../../../src/model/plan.ts";
import { aCheck, aGroup, aJob, aMeshService, anUpstream, aPort, aService, aTask } from "../../support/builders.ts";
import { wholeJob } from "../../support/whole-job.ts";

const MARKS = { added: "+", removed: "-", changed: "~" } as const;

function line({ path, change, before, after, cost }: FieldChange): string {
  const value = [before, after].filter((side) => side !== undefined).join(" -> ");
  return `${MARKS[change]} ${path.join(" > ")}${value === "" ? "" : `: ${value}`} (${cost})`;
}

function diff(before: TaskGroup, after: TaskGroup, sensitive: readonly string[] = []): readonly string[] {
  return diffFields(GROUP, [before, after], { proxy: "envoy", sensitive: new Set(sensitive) }).map(line);
}

const withTask = (...over: Parameters<typeof aTask>): TaskGroup => aGroup({ tasks: [aTask(...over)] });

describe("a difference is told", () => {
  test("as from what to what, with what it costs", () => {
    expect(diff(withTask({}, { image: "app:1" }), withTask({}, { image: "app:2" }))).toEqual([
      '~ task "web" > config > image: "app:1" -> "app:2" (replace)',
    ]);
  });

  test("of durations, numbers and truth values as they are written", () => {
    const after = withTask({ killTimeout: 90_000, leader: true, resources: { cpu: 100, memory: 512 } });
    expect(diff(aGroup(), after)).toEqual([
      '~ task "web" > resources > memory: 300 -> 512 (replace)',
      '~ task "web" > leader: false -> true (nothing)',
      '~ task "web" > kill_timeout: "5s" -> "1m30s" (nothing)',
    ]);
  });

  test("of a map key by key, an empty value being one", () => {
    expect(diff(withTask({ env: { A: "1", B: "2", C: "3" } }), withTask({ env: { A: "1", B: "4", D: "" } }))).toEqual([
      '~ task "web" > env > B: "2" -> "4" (replace)',
      '- task "web" > env > C: "3" (replace)',
      '+ task "web" > env > D: "" (replace)',
    ]);
  });

  test("of a list by what came and what went, or by the order alone", () => {
    const args = (...list: readonly string[]): TaskGroup => withTask({}, { args: list });
    expect(diff(args("-a", "-b", "-b"), args("-b", "-c"))).toEqual([
      '- task "web" > config > args: "-a" (replace)',
      '- task "web" > config > args: "-b" (replace)',
      '+ task "web" > config > args: "-c" (replace)',
    ]);
    expect(diff(args("-a", "-b"), args("-b", "-a"))).toEqual([
      '~ task "web" > config > args: ["-a","-b"] -> ["-b","-a"] (replace)',
    ]);
  });

  test("of blocks by their names, whole ones with what they say", () => {
    const tasks = (...names: readonly string[]): TaskGroup =>
      aGroup({ tasks: names.map((name) => aTask({ name, env: { NAME: name } })), services: [] });
    expect(diff(tasks("a"), tasks("b")).filter((each) => !each.includes("restart"))).toEqual([
      '- task "a" (replace)',
      '- task "a" > driver: "docker" (replace)',
      '- task "a" > config > image: "app:1" (replace)',
      '- task "a" > env > NAME: "a" (replace)',
      '- task "a" > resources > cpu: 100 (replace)',
      '- task "a" > resources > memory: 300 (replace)',
      '- task "a" > kill_timeout: "5s" (nothing)',
      '+ task "b" (replace)',
      '+ task "b" > driver: "docker" (replace)',
      '+ task "b" > config > image: "app:1" (replace)',
      '+ task "b" > env > NAME: "b" (replace)',
      '+ task "b" > resources > cpu: 100 (replace)',
      '+ task "b" > resources > memory: 300 (replace)',
      '+ task "b" > kill_timeout: "5s" (nothing)',
    ]);
    expect(diff(tasks("a", "b"), tasks("b", "a"))).toEqual([
      '~ order of task: task "a", task "b" -> task "b", task "a" (replace)',
    ]);
  });

  test("of blocks without names, or with the same, by their numbers", () => {
    const checks = (...paths: readonly string[]): TaskGroup =>
      aGroup({ services: [aService({ checks: paths.map((path) => aCheck({ path })) })] });
    expect(diff(checks("/a", "/b"), checks("/a", "/c"))).toEqual([
      '~ service "api" > check[1] > path: "/b" -> "/c" (in place)',
    ]);
    const ports = (...upstreams: readonly number[]): TaskGroup =>
      aGroup({
        services: [aMeshService({}, { upstreams: upstreams.map((localBindPort) => anUpstream({ localBindPort })) })],
      });
    expect(diff(ports(1, 2), ports(1, 3))).toEqual([
      '~ service "api" > connect > sidecar_service > proxy > upstreams "count-api"[1] > local_bind_port: 2 -> 3 (in place)',
    ]);
  });

  test("of a service that joins the mesh: the block, whatever is in it", () => {
    expect(diff(aGroup({ services: [aService()] }), aGroup())).toContain('+ service "api" > connect (replace)');
    expect(diff(aGroup(), aGroup({ services: [aService()] }))).toContain('- service "api" > connect (replace)');
  });

  test("of a proxy's config key by key: what shapes Envoy's bootstrap replaces", () => {
    const config = (given: Record<string, unknown>): TaskGroup =>
      aGroup({ services: [aMeshService({}, { config: given })] });
    expect(diff(config({}), config({ protocol: "http", envoy_stats_tags: ["a=b"] }))).toEqual([
      '+ service "api" > connect > sidecar_service > proxy > config > envoy_stats_tags: ["a=b"] (replace)',
      '+ service "api" > connect > sidecar_service > proxy > config > protocol: "http" (in place)',
    ]);
  });
});

test("two ways to say nothing do not differ", () => {
  const { user: _, ...task } = aTask();
  expect(diff(aGroup(), aGroup({ tasks: [{ ...task, user: "" }], network: { mode: "bridge", ports: [] } }))).toEqual(
    [],
  );
  expect(diff(aGroup(), aGroup({ tasks: [aTask({}, { entrypoint: [] })] }))).toEqual([]);
});

test("what came from a sensitive variable is not shown, nor what holds it, on either side", () => {
  const before = withTask({ env: { URL: "postgres://me:s3cret@db", PLAIN: "a" } }, { args: ['quote"d'] });
  const after = withTask({ env: { URL: "postgres://me@db", PLAIN: "b" } }, { args: [] });
  const told = diff(before, after, ["s3cret", 'ote"d', ""]);
  expect(told).toEqual([
    '- task "web" > config > args: (sensitive) (replace)',
    '~ task "web" > env > PLAIN: "a" -> "b" (replace)',
    '~ task "web" > env > URL: (sensitive) -> (sensitive) (replace)',
  ]);
});

test("nor are keys and names that came from one, and two of them are told apart", () => {
  const before = aGroup({ tasks: [aTask({ name: "k3y-one" }), aTask({ name: "k3y-two", env: { "k3y-three": "1" } })] });
  const after = aGroup({ tasks: [aTask({ name: "k3y-two", env: { "k3y-three": "2" } }), aTask({ name: "k3y-one" })] });
  const told = diff(before, after, ["k3y-one", "k3y-two", "k3y-three"]);
  expect(told).toEqual([
    '~ task (sensitive) > env > (sensitive): "1" -> "2" (replace)',
    expect.stringContaining("order of task: task (sensitive), task (sensitive) -> task (sensitive), task (sensitive)"),
  ]);
});

test("a sensitive text of few characters hides what it stands in alone, and no more", () => {
  const env = (a: string): TaskGroup => withTask({ env: { A: a } });
  expect(diff(env("cat"), env("a cat"), ["a"])).toEqual([
    '~ task "web" > env > A: (sensitive) -> (sensitive) (replace)',
  ]);
  expect(diff(env("cat"), env("bat"), ["a"])).toEqual(['~ task "web" > env > A: "cat" -> "bat" (replace)']);
  expect(diff(env("aa"), env("a"), ["a"])).toEqual(['~ task "web" > env > A: (sensitive) -> (sensitive) (replace)']);
});

test("every field of the whole job is told when it goes", () => {
  const bare = aJob({ groups: [], meta: {}, datacenters: [], region: "", namespace: "", name: "", priority: 0 });
  const told = diffFields(JOB, [wholeJob, bare], { proxy: "envoy", sensitive: new Set() });
  expect(told.map(({ path }) => path.join(" > "))).toEqual(
    expect.arrayContaining([
      "region",
      "datacenters",
      "meta > j",
      'group "api"',
      'group "api" > network > port "http" > static',
      'group "api" > network > dns > servers',
      'group "api" > service "shop-api" > check "alive" > header > X-A',
      'group "api" > service "shop-api" > connect > sidecar_task > config > image',
      'group "api" > task "web" > lifecycle > hook',
      'group "api" > reschedule > delay_function',
    ]),
  );
});

test("durations are written as short as they go", () => {
  expect([0, 1, 1_000, 90_000, 3_600_000, 90_061_500, -5_000].map(durationText)).toEqual([
    "0s",
    "1ms",
    "1s",
    "1m30s",
    "1h",
    "25h1m1s500ms",
    "-5s",
  ]);
});

test("ports are matched by their labels", () => {
  const ports = (...list: Parameters<typeof aPort>): TaskGroup =>
    aGroup({ network: { mode: "bridge", ports: [aPort(...list)] } });
  expect(diff(ports({}), ports({ static: 80 }))).toEqual(['+ network > port "http" > static: 80 (replace)']);
});
