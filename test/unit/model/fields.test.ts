/** The table of what a change costs is the truth: of the revision, and of what the plan of a group then does. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseJobFile } from "../../../src/jobspec/parse.ts";
import { type Cost, costOf, highest, type Surroundings, untyped } from "../../../src/model/fields/field.ts";
import { diffFields } from "../../../src/model/diff.ts";
import { GROUP, JOB } from "../../../src/model/fields/job.ts";
import { canonicalJson } from "../../../src/model/ids.ts";
import type { Job, Service, TaskGroup } from "../../../src/model/job.ts";
import { revisionOf } from "../../../src/model/revision.ts";
import { aGroup, aMeshService, aService, aSettings, aTask, envoySettings, first } from "../../support/builders.ts";
import { type Mutation, mutationsOf } from "../../support/mutations.ts";
import { Picture } from "../../support/picture.ts";
import { wholeJob } from "../../support/whole-job.ts";

/** The same job without a sidecar: what is true of a service on the mesh need not be of another. */
const plainJob: Job = {
  ...wholeJob,
  groups: wholeJob.groups.map((group) => ({
    ...group,
    services: group.services.map(({ connect: _connect, ...service }) => service),
  })),
};

/** Consul's own proxy exposes nothing. */
const unexposedJob: Job = {
  ...wholeJob,
  groups: wholeJob.groups.map((group) => ({
    ...group,
    services: group.services.map((service) => {
      const { sidecarService, sidecarTask } = service.connect;
      const { expose: _expose, ...proxy } = sidecarService.proxy;
      return { ...service, connect: { sidecarTask, sidecarService: { ...sidecarService, proxy } } };
    }),
  })),
};

const bases: readonly (readonly [string, Job, Surroundings])[] = [
  ["with Envoy", wholeJob, { proxy: "envoy", mesh: true }],
  ["with Consul's own proxy", unexposedJob, { proxy: "consul", mesh: true }],
  ["without a sidecar", plainJob, { proxy: "envoy", mesh: false }],
];

function allOf(job: Job): readonly (Mutation & { readonly job: Job })[] {
  const all = mutationsOf(untyped(JOB), job as unknown as Readonly<Record<string, unknown>>);
  return all.map((each) => ({ ...each, job: each.mutated as Job }));
}

describe.each(bases)("%s", (_name, job, surroundings) => {
  const revision = (of: Job): string => revisionOf(of, first(of.groups), surroundings).hash;
  /** Job's and group's meta are hidden by the task's of the same name. */
  const isHidden = ({ path }: Mutation): boolean => path === "meta > owner" || path === "group > meta > owner";

  test("a field changes the revision iff its change replaces", () => {
    const wrong = allOf(job).filter((each) => {
      const isReplaced = revision(each.job) !== revision(job);
      return isReplaced !== (costOf(each.rule, surroundings) === "replace" && !isHidden(each));
    });
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });
});

describe("a block that comes or goes, and another order of blocks", () => {
  const without = (over: (service: Service, group: TaskGroup) => Partial<TaskGroup>): TaskGroup => {
    const group = first(wholeJob.groups);
    return { ...group, ...over(first(group.services), group) };
  };
  const withService = (change: (service: Service) => Service): TaskGroup =>
    without((service) => ({ services: [change(service)] }));
  const plain = aService({ name: "plain" });
  const changes: Readonly<Record<string, readonly [TaskGroup, TaskGroup]>> = {
    "a task": [aGroup(), aGroup({ tasks: [aTask(), aTask({ name: "b" })] })],
    "a lifecycle": [
      without(() => ({})),
      without((_, { tasks }) => ({ tasks: tasks.map(({ lifecycle: _gone, ...task }) => task) })),
    ],
    "a port": [
      without(() => ({})),
      without((_, { network }) => ({ network: { ...network, ports: network.ports.slice(1) } })),
    ],
    dns: [without(() => ({})), without((_, { network: { dns: _gone, ...network } }) => ({ network }))],
    "a service of the mesh": [aGroup(), aGroup({ services: [] })],
    "a plain service": [aGroup(), aGroup({ services: [aMeshService(), plain] })],
    "connect of a service": [aGroup(), aGroup({ services: [aService()] })],
    "a check": [without(() => ({})), withService((service) => ({ ...service, checks: [] }))],
    "the order of tasks": [
      aGroup({ tasks: [aTask(), aTask({ name: "b" })] }),
      aGroup({ tasks: [aTask({ name: "b" }), aTask()] }),
    ],
    "the order of services of the mesh": [
      aGroup({ services: [aMeshService(), aMeshService({ name: "b" })] }),
      aGroup({ services: [aMeshService({ name: "b" }), aMeshService()] }),
    ],
    "the order of plain services": [
      aGroup({ services: [aService(), plain] }),
      aGroup({ services: [plain, aService()] }),
    ],
  };

  test.each(
    Object.keys(changes).flatMap((what) => (["envoy", "consul"] as const).map((proxy) => [what, proxy] as const)),
  )("%s costs what the revision says, with %s", (what, proxy) => {
    const [before, after] = changes[what] ?? [aGroup(), aGroup()];
    for (const pair of [
      [before, after],
      [after, before],
    ] as const) {
      const fields = diffFields(GROUP, pair, { proxy, sensitive: new Set() });
      const [old, now] = pair.map((group) => revisionOf(wholeJob, group, { proxy }).hash);
      expect(fields).not.toEqual([]);
      expect(highest(fields.map(({ cost }) => cost)) === "replace").toBe(old !== now);
    }
  });
});

describe("what the table says is what the plan of a group does", () => {
  /** One allocation, whose services tell Consul of everything that a text may refer to. */
  const runnable = (job: Job): Job => ({
    ...job,
    groups: job.groups.map((group) => ({
      ...group,
      count: 1,
      services: group.services.map(({ task: _task, ...service }) => ({
        ...service,
        enableTagOverride: false,
        tags: ["${NOMAD_JOB_NAME}", "${NOMAD_REGION}", "${NOMAD_NAMESPACE}"],
      })),
      tasks: group.tasks.map(({ lifecycle: _lifecycle, ...task }) => ({ ...task, leader: false })),
    })),
  });

  const settled = (job: Job, proxy: Surroundings["proxy"]): Picture => {
    const picture = Picture.of(job);
    picture.settings = proxy === "envoy" ? envoySettings() : aSettings();
    picture.settle();
    expect(picture.status.state).toBe("running");
    return picture;
  };

  /** Brings the change and takes it back. */
  const done = (picture: Picture, job: Job, changed: Job): Cost => {
    const before = picture.container("infra").id;
    picture.want(changed, first(changed.groups));
    const steps = picture.settle();
    const after = picture.container("infra").id;
    picture.want(job, first(job.groups));
    picture.settle();
    return after === before ? (steps.length > 0 ? "in place" : "nothing") : "replace";
  };

  /** What another field hides, or what it takes another one for. */
  const moot = new Set(["count", "service > check > grpc_service", "service > check > grpc_use_tls", "meta > owner"]);

  test.each(bases)("%s", (_name, whole, surroundings) => {
    const job = runnable(whole);
    const picture = settled(job, surroundings.proxy);
    const blocks = new Set<string>();
    const meant = allOf(job).filter(({ path, rule }) => {
      if (moot.has(path.replace("group > ", ""))) return false;
      if (costOf(rule, surroundings) !== "replace") return true;
      // That a changed revision replaces is the same for all fields: one of each block will do.
      const block = path.slice(0, path.lastIndexOf(" > "));
      return !blocks.has(block) && blocks.add(block);
    });
    const wrong = meant.flatMap(({ path, rule, job: changed }) => {
      const [told, seen] = [costOf(rule, surroundings), done(picture, job, changed)];
      return told === seen ? [] : [`${path}: told ${told}, seen ${seen}`];
    });
    expect(wrong).toEqual([]);
  });
});

describe("the revision of a job file", () => {
  const golden = (name: string): string => readFileSync(new URL(`golden/${name}`, import.meta.url), "utf8");
  const { job } = parseJobFile("revision.hcl", golden("revision.hcl"));

  test.each(["envoy", "consul"] as const)(
    "is for ever what it was, or an upgrade would replace what runs: %s",
    (proxy) => {
      if (job === undefined) throw new Error("the golden file cannot be read");
      const before: unknown = JSON.parse(golden(`revision.${proxy}.json`));
      expect(revisionOf(job, first(job.groups), { proxy }).text).toBe(canonicalJson(before));
    },
  );
});

test("the highest of no costs is nothing", () => {
  expect([highest([]), highest(["nothing", "in place"]), highest(["replace", "nothing"])]).toEqual([
    "nothing",
    "in place",
    "replace",
  ]);
});
