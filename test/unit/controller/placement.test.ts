/** Where a job runs: here if one of its datacenters is this one, which may be said with a pattern, else not at all. */
import { describe, expect, test } from "vitest";
import { notPlaced } from "../../../src/controller/placement.ts";
import { aGroup, aJob } from "../../support/builders.ts";
import { TestAgent } from "./agent.ts";

describe("a job is placed here", () => {
  test.each([
    [["dc1"], "dc1"],
    [["dc2", "dc1"], "dc1"],
    [["*"], "anything"],
    [["dc*"], "dc1"],
    [["*1"], "dc1"],
    [["eu-*-1"], "eu-west-1"],
    [["a.b"], "a.b"],
  ])("with the datacenters %j in %s", (datacenters, datacenter) => {
    expect(notPlaced(aJob({ datacenters }), { datacenter })).toBeUndefined();
  });

  test.each([
    [["dc2"], "dc1"],
    [["dc"], "dc1"],
    [["c*"], "dc1"],
    [["eu-*-1"], "eu-west-2"],
    [["a.b"], "axb"],
    [["DC1"], "dc1"],
    [["d|c1"], "c1"],
  ])("not with the datacenters %j in %s", (datacenters, datacenter) => {
    expect(notPlaced(aJob({ datacenters }), { datacenter })).toBe(
      `not placed here: its datacenters (${datacenters.join(", ")}) do not include ${datacenter}`,
    );
  });
});

describe("the job of a file whose datacenters do not include this one", () => {
  const group = aGroup({ services: [] });
  const why = "not placed here: its datacenters (dc2) do not include dc1";

  test("has nothing run, and its status says elsewhere and why", async () => {
    const agent = new TestAgent();
    agent.put("a.hcl", aJob({ id: "there", datacenters: ["dc2"], groups: [group] }));
    agent.put("b.hcl", aJob({ id: "here", groups: [group] }));
    await agent.rests();
    expect(agent.images()).toEqual(["app:1", "busybox:1"]);
    expect(agent.jobs()).toEqual([
      ["here", "running", undefined],
      ["there", "elsewhere", why],
    ]);
  });

  test("is stopped when the file says so from now on, and comes back when it does not any more", async () => {
    const agent = new TestAgent();
    const job = aJob({ groups: [group] });
    agent.put("a.hcl", job);
    await agent.rests();
    agent.put("a.hcl", { ...job, datacenters: ["dc2"] });
    await agent.rests();
    expect(agent.images()).toEqual([]);
    expect(agent.jobs()).toEqual([["shop", "elsewhere", why]]);
    agent.put("a.hcl", { ...job, datacenters: ["dc*"] });
    await agent.rests();
    expect(agent.jobs()).toEqual([["shop", "running", undefined]]);
  });
});
