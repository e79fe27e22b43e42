/** Who needs which pair: what is wanted here, what runs here still, and what nobody can tell. */
import { describe, expect, test } from "vitest";
import { restoredJobs, type JobsState, type WantedJob } from "../../../src/controller/jobs.ts";
import { type UpstreamsInput, upstreamsOf } from "../../../src/controller/upstreams.ts";
import { agentOf, ownerOf } from "../../../src/model/intention.ts";
import type { Job } from "../../../src/model/job.ts";
import type { Registration } from "../../../src/model/registration.ts";
import { aGroup, aJob, aMeshService, anUpstream, aRef, aRegistration, aSettings } from "../../support/builders.ts";

const SETTINGS = aSettings();
const ME = agentOf(SETTINGS);
const PAIR = { source: "web", destination: "count-api" };

/** A job whose service "web" reaches count-api. */
function caller(id = "shop", over: Partial<Job> = {}, destinationNamespace = ""): Job {
  const services = [aMeshService({ name: "web" }, { upstreams: [anUpstream({ destinationNamespace })] })];
  return aJob({ id, groups: [aGroup({ services })], ...over });
}

function state(jobs: readonly (Job | WantedJob)[], over: Partial<JobsState> = {}): JobsState {
  const wanted = jobs.map((each) => ("job" in each ? each : { job: each, path: `${each.id}.hcl`, hash: "1" }));
  const { distrust: _, ...trusted } = restoredJobs(wanted, new Map());
  return { ...trusted, ...over };
}

function sidecar(job: string, destinationNamespace = ""): Registration {
  const upstream = {
    destinationName: PAIR.destination,
    destinationNamespace,
    datacenter: "",
    localBindAddress: "127.0.0.1",
    localBindPort: 8080,
    meshGatewayMode: "",
  };
  const proxy = { localServiceAddress: "", localServicePort: 0, upstreams: [upstream], config: {}, expose: [] };
  return aRegistration({ kind: "connect-proxy", name: "web-sidecar-proxy", ref: aRef({ job }), proxy });
}

function upstreams(over: Partial<UpstreamsInput>): ReturnType<typeof upstreamsOf> {
  return upstreamsOf({ jobs: state([]), registrations: [], present: new Set(), settings: SETTINGS, ...over });
}

describe("a pair is needed by", () => {
  test("a job that is wanted here, before anything of it runs", () => {
    const { needs } = upstreams({ jobs: state([caller()]) });
    expect(needs).toEqual([{ pair: PAIR, owners: [ownerOf("shop", ME)] }]);
  });

  test("every job that names it", () => {
    const { needs } = upstreams({ jobs: state([caller("shop"), caller("blog")]) });
    expect(needs).toEqual([{ pair: PAIR, owners: [ownerOf("shop", ME), ownerOf("blog", ME)].sort() }]);
  });

  test("an allocation that is registered so, whatever its job wants by now", () => {
    const jobs = state([aJob()]);
    const { needs } = upstreams({ jobs, registrations: [sidecar("shop")], present: new Set(["shop"]) });
    expect(needs).toEqual([{ pair: PAIR, owners: [ownerOf("shop", ME)] }]);
  });

  test.each([
    ["default", [{ pair: PAIR, owners: [ownerOf("shop", ME)] }]],
    ["team-b", []],
  ])("whoever names a service of the default namespace, and nobody else: %s", (namespace, needs) => {
    expect(upstreams({ jobs: state([caller("shop", {}, namespace)]) }).needs).toEqual(needs);
    const registered = { registrations: [sidecar("shop", namespace)], present: new Set(["shop"]) };
    expect(upstreams({ jobs: state([aJob()]), ...registered }).needs).toEqual(needs);
  });

  test("nobody whose job is placed elsewhere, is stopped, or has no allocations", () => {
    const elsewhere = caller("a", { datacenters: ["dc2"] });
    const empty = caller("b", { groups: caller().groups.map((group) => ({ ...group, count: 0 })) });
    const stopped = new Map([["c", "1"]]);
    expect(upstreams({ jobs: state([elsewhere, empty, caller("c")], { stopped }) }).needs).toEqual([]);
  });
});

describe("an owner that nothing needs any more", () => {
  const owner = ownerOf("shop", ME);

  test("goes when its job has gone and nothing of it is left", () => {
    expect(upstreams({}).stays(owner)).toBe(false);
    expect(upstreams({ jobs: state([caller()], { stopped: new Map([["shop", "1"]]) }) }).stays(owner)).toBe(false);
  });

  test("stays while anything of a job that is going is left", () => {
    const jobs = state([caller()], { stopped: new Map([["shop", "1"]]) });
    expect(upstreams({ jobs, present: new Set(["shop"]) }).stays(owner)).toBe(true);
    expect(upstreams({ present: new Set(["shop"]) }).stays(owner)).toBe(true);
  });

  test("goes when its job lives on and has no use for it", () => {
    expect(upstreams({ jobs: state([aJob()]), present: new Set(["shop"]) }).stays(owner)).toBe(false);
  });

  test("stays while the job's file is missing, or could be any of the directory's", () => {
    const missing = { job: caller(), path: "shop.hcl", hash: "1", missingSince: 1 };
    expect(upstreams({ jobs: state([missing]) }).stays(owner)).toBe(true);
    expect(upstreams({ jobs: state([], { distrust: "the directory is empty" }) }).stays(owner)).toBe(true);
  });

  test("goes from a directory that is not trusted if its own file was seen to go", () => {
    const removed = new Map([["shop", new Set<string>()]]);
    expect(upstreams({ jobs: state([], { distrust: "x.hcl is broken", removed }) }).stays(owner)).toBe(false);
  });
});
