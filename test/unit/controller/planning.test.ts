/** What a plan tells of a controller that runs on a simulated engine: the costs are those of what it then does. */
import { describe, expect, test } from "vitest";
import type { Job, TaskGroup } from "../../../src/model/job.ts";
import type { JobPlan, Plan } from "../../../src/model/plan.ts";
import { aGroup, aJob, anUpstream, aPort, aService, aMeshService, aTask } from "../../support/builders.ts";
import { TestAgent } from "./agent.ts";

const plain = (over: Partial<TaskGroup> = {}): TaskGroup => aGroup({ services: [], ...over });
const shop = (...groups: readonly TaskGroup[]): Job => aJob({ groups });
const withStatic = (image: string): TaskGroup =>
  plain({ network: { mode: "bridge", ports: [aPort({ static: 8080 })] }, tasks: [aTask({}, { image })] });

/** In one line: the action, the groups with cost and counts, the reason. */
function told({ jobs }: Plan): readonly string[] {
  return jobs.map(({ id, action, groups, reason }) => {
    const all = groups.map((group) => {
      const { create, keep, replace, stop } = group.allocations;
      const ports = group.ports === undefined ? "" : ` ${group.ports.join()}`;
      return `${group.group} ${group.cost}${ports} +${create} =${keep} ~${replace} -${stop}`;
    });
    return [`${id} ${action}`, ...all, ...(reason === undefined ? [] : [reason])].join("; ");
  });
}

async function running(...jobs: readonly Job[]): Promise<TestAgent> {
  const agent = new TestAgent();
  for (const job of jobs) agent.put(`${job.id}.json`, job);
  await agent.rests();
  return agent;
}

describe("a plan", () => {
  const job = shop(plain({ count: 2 }), plain({ name: "other" }));

  test("of what is followed is no change, however it is asked for", async () => {
    const agent = await running(job);
    for (const plan of [
      agent.plan(),
      agent.plan({ "shop.json": job }),
      agent.plan({ "a/b.json": job }, { whole: true }),
    ]) {
      expect(told(plan)).toEqual(["shop none; api nothing +0 =2 ~0 -0; other nothing +0 =1 ~0 -0"]);
      expect(plan.changes).toBe(false);
    }
    await agent.stop();
  });

  test("of an image is a replacement of that group alone, start-first; and so it comes", async () => {
    const agent = await running(job);
    const next = shop(plain({ count: 2, tasks: [aTask({}, { image: "app:2" })] }), plain({ name: "other" }));
    const plan = agent.plan({ "shop.json": next });
    expect(told(plan)).toEqual(["shop change; api replace (start-first) +0 =0 ~2 -0; other nothing +0 =1 ~0 -0"]);
    expect(plan.jobs[0]?.groups[0]?.fields).toEqual([
      {
        path: ['task "web"', "config", "image"],
        change: "changed",
        before: '"app:1"',
        after: '"app:2"',
        cost: "replace",
      },
    ]);
    const [before] = [agent.group("shop", "api")?.allocs.map(({ id }) => id) ?? []];
    agent.put("shop.json", next);
    await agent.rests();
    const after = agent.group("shop", "api")?.allocs.map(({ id }) => id) ?? [];
    expect(after).toHaveLength(2);
    expect(after.filter((id) => before.includes(id))).toEqual([]);
    expect(agent.plan().changes).toBe(false);
    await agent.stop();
  });

  test("of what is only told to Consul is in place, of a policy nothing; both are changes", async () => {
    const agent = await running(shop(plain({ services: [aService()] })));
    const tagged = agent.plan({ "shop.json": shop(plain({ services: [aService({ tags: ["v2"] })] })) });
    expect(told(tagged)).toEqual(["shop change; api in place +0 =1 ~0 -0"]);
    const slow = agent.plan({ "shop.json": shop(plain({ services: [aService()], shutdownDelay: 5_000 })) });
    expect(told(slow)).toEqual(["shop change; api nothing +0 =1 ~0 -0"]);
    expect([tagged.changes, slow.changes]).toEqual([true, true]);
    await agent.stop();
  });

  test("of a count is in place: some come, or some stop", async () => {
    const agent = await running(shop(plain({ count: 2 })));
    expect(told(agent.plan({ "shop.json": shop(plain({ count: 3 })) }))).toEqual([
      "shop change; api in place +1 =2 ~0 -0",
    ]);
    expect(told(agent.plan({ "shop.json": shop(plain({ count: 1 })) }))).toEqual([
      "shop change; api in place +0 =1 ~0 -1",
    ]);
    expect(told(agent.plan({ "shop.json": shop(plain({ count: 0 })) }))).toEqual(["shop change; api stop +0 =0 ~0 -2"]);
    await agent.stop();
  });

  test("of a group with a static port is stop-first, with the port; without it, or with another, it is not", async () => {
    const agent = await running(shop(withStatic("app:1")));
    expect(told(agent.plan({ "shop.json": shop(withStatic("app:2")) }))).toEqual([
      "shop change; api replace (stop-first) 8080 +0 =0 ~1 -0",
    ]);
    const moved = plain({ network: { mode: "bridge", ports: [aPort({ static: 8081 })] } });
    expect(told(agent.plan({ "shop.json": shop(moved) }))).toEqual([
      "shop change; api replace (start-first) +0 =0 ~1 -0",
    ]);
    await agent.stop();
  });

  test("of upstreams costs what the proxy makes of it", async () => {
    const mesh = (...upstreams: Parameters<typeof anUpstream>): Job =>
      shop(aGroup({ services: [aMeshService({}, { upstreams: [anUpstream(...upstreams)] })] }));
    const agent = await running(mesh({}));
    const plan = agent.plan({ "shop.json": mesh({ localBindPort: 9999 }) });
    expect(told(plan)).toEqual(["shop change; api replace (start-first) +0 =0 ~1 -0"]);
    expect(plan.jobs[0]?.groups[0]?.fields.map(({ cost }) => cost)).toEqual(["replace"]);
    await agent.stop();
  });

  test("of the job's own meta costs every group", async () => {
    const agent = await running(job);
    const plan = agent.plan({ "shop.json": { ...job, meta: { a: "b" } } });
    expect(told(plan)).toEqual([
      "shop change; api replace (start-first) +0 =0 ~2 -0; other replace (start-first) +0 =0 ~1 -0",
    ]);
    expect(plan.jobs[0]?.fields.map(({ path }) => path)).toEqual([["meta", "a"]]);
    await agent.stop();
  });

  test("of groups and jobs that come and go says so; a file alone takes no other job away", async () => {
    const agent = await running(job, aJob({ id: "old", groups: [plain()] }));
    const fresh = aJob({ id: "new", groups: [plain()] });
    expect(told(agent.plan({ "new.json": fresh }))).toEqual(["new create; api create +1 =0 ~0 -0"]);
    expect(told(agent.plan({ "new.json": fresh, "shop.json": job }, { whole: true }))).toEqual([
      "new create; api create +1 =0 ~0 -0",
      "old stop; api stop +0 =0 ~0 -1",
      "shop none; api nothing +0 =2 ~0 -0; other nothing +0 =1 ~0 -0",
    ]);
    expect(told(agent.plan({ "shop.json": shop(plain({ count: 2 }), plain({ name: "third" })) }))).toEqual([
      "shop change; api nothing +0 =2 ~0 -0; other stop +0 =0 ~0 -1; third create +1 =0 ~0 -0",
    ]);
    await agent.stop();
  });

  test("of a job that is placed elsewhere, or stopped by order, says that and what becomes of it", async () => {
    const agent = await running(job);
    const elsewhere = agent.plan({ "shop.json": { ...job, datacenters: ["dc2"] } });
    expect(told(elsewhere)[0]).toMatch(/^shop stop; api stop .* -2; other stop .* -1; not placed here: /);
    await agent.order("shop");
    await agent.rests();
    expect(told(agent.plan({ "shop.json": job }))[0]).toMatch(/^shop none; stopped by remora job stop/);
    expect(told(agent.plan({ "shop.json": { ...job, priority: 60 } }))).toEqual([
      "shop create; api create +2 =0 ~0 -0; other create +1 =0 ~0 -0",
    ]);
    await agent.stop();
  });

  test("of a job whose static port another has says that it is held, and why", async () => {
    const agent = await running(shop(withStatic("app:1")));
    const thief = aJob({ id: "thief", groups: [withStatic("app:1")] });
    const plan = agent.plan({ "thief.json": thief });
    expect(told(plan)).toEqual([
      "thief hold; thief.json asks for the static port 8080, which the job shop (shop.json) has",
    ]);
    expect(plan.changes).toBe(false);
    agent.put("thief.json", thief);
    await agent.rests();
    expect(told(agent.plan())).toEqual([
      ...told(agent.plan({ "shop.json": shop(withStatic("app:1")) })),
      ...told(plan),
    ]);
    expect(agent.plan().files.map(({ path, ok }) => [path, ok])).toEqual([["thief.json", false]]);
    await agent.stop();
  });

  test("of the agent's own directory tells of a version that does not come up beside the one that was whole", async () => {
    const agent = await running(shop(plain()));
    agent.put("shop.json", shop(plain({ tasks: [aTask({}, { image: "not-there:1" })] })));
    await agent.rests();
    const { jobs, changes } = agent.plan();
    const [shown] = jobs as readonly [JobPlan];
    expect(told({ jobs, changes, files: [] })).toEqual(["shop change; api replace (start-first) +0 =0 ~1 -0"]);
    expect(shown.groups[0]?.fields.map(({ path, after }) => [path.join(" > "), after])).toEqual([
      ['task "web" > config > image', '"not-there:1"'],
    ]);
    await agent.stop();
  });

  test("of a variable that is sensitive does not show it", async () => {
    const agent = await running(shop(plain({ tasks: [aTask({ env: { KEY: "old" } })] })));
    const plan = agent.plan(
      { "shop.json": shop(plain({ tasks: [aTask({ env: { KEY: "s3cret" } })] })) },
      { sensitive: ["s3cret"] },
    );
    expect(JSON.stringify(plan)).not.toMatch(/s3cret|"old"/);
    await agent.stop();
  });
});
