/** Services of a living group: those that are gone from it leave Consul, those beside a broken task serve on, and a hand on them is told. */
import { describe, expect, test } from "vitest";
import type { Service } from "../../../src/model/job.ts";
import { aGroup, aJob, aMeshService, aService, aTask } from "../../support/builders.ts";
import { Picture } from "../../support/picture.ts";

const JOB = aJob();
const metrics = aService({ name: "metrics", port: "9100" });

function serving(...services: readonly Service[]): Picture {
  const picture = Picture.of(aJob({ groups: [aGroup({ services })] }));
  picture.settle();
  expect(picture.status).toMatchObject({ state: "running", reason: "" });
  return picture;
}

function names(picture: Picture): readonly string[] {
  return picture.registrations.map(({ name }) => name).sort();
}

describe("a plain service of a living group", () => {
  test("that is removed is deregistered, and the others are left alone", () => {
    const picture = serving(aMeshService(), metrics);
    picture.want(JOB, aGroup({ services: [aMeshService()] }));
    expect(picture.settle()).toEqual(["A deregister group-api-metrics-9100"]);
    expect(names(picture)).toEqual(["api", "api-sidecar-proxy"]);
    expect(picture.status).toMatchObject({ state: "running", reason: "" });
  });

  test("that is removed is deregistered when it was the last", () => {
    const picture = serving(metrics);
    picture.want(JOB, aGroup({ services: [] }));
    expect(picture.settle()).toEqual(["A deregister group-api-metrics-9100"]);
    expect(picture.registrations).toEqual([]);
    expect(picture.status.state).toBe("running");
  });

  test.each([
    ["another name", { name: "numbers" }],
    ["another port", { port: "9101" }],
  ])("that gets %s is registered as that, and what it was is deregistered", (_, change) => {
    const picture = serving(metrics);
    const changed = { ...metrics, ...change };
    picture.want(JOB, aGroup({ services: [changed] }));
    const steps = picture.settle();
    expect(steps).toContain("A deregister group-api-metrics-9100");
    expect(steps.at(-1)).toBe(`A register ${changed.name} open`);
    expect(picture.registrations).toMatchObject([{ name: changed.name, port: Number(changed.port) }]);
    for (const step of steps) expect(step).toMatch(/^A (?:de)?register /);
  });
});

describe("the end of a task beside the app", () => {
  const policy = { attempts: 2, interval: 600_000, delay: 1_000, mode: "fail" } as const;

  function withSibling(): Picture {
    const tasks = [aTask(), aTask({ name: "sibling", restart: policy })];
    const picture = Picture.of(aJob({ groups: [aGroup({ tasks })] }));
    picture.settle();
    picture.exit("sibling");
    return picture;
  }

  test("leaves the service in rotation while the app's port is listened on, and the task is restarted", () => {
    const picture = withSibling();
    expect(picture.settle()).toEqual([]);
    expect(picture.status).toMatchObject({ state: "degraded", allocs: [{ services: [{ phase: "degraded" }] }] });
    picture.now += 1_000;
    expect(picture.settle()).toEqual(["A remove-container sibling", "A run-member sibling"]);
    expect(picture.status.state).toBe("running");
  });

  test("takes the service out of rotation when the port is not listened on, until all is well again", () => {
    const picture = withSibling();
    picture.mute.add("web").add("sibling");
    expect(picture.settle()).toEqual(["A register api gated"]);
    picture.now += 1_000;
    expect(picture.settle()).toEqual(["A remove-container sibling", "A run-member sibling"]);
    picture.mute.clear();
    expect(picture.settle()).toEqual(["A register api open"]);
  });
});

describe("maintenance mode that somebody set by hand", () => {
  test.each(["api", "api-sidecar-proxy"])(
    "of %s is the reason why the group is not well, and is left alone",
    (name) => {
      const picture = serving(aMeshService());
      const { id } = picture.registration(name);
      picture.registrations = picture.registrations.map((entry) =>
        entry.id === id ? { ...entry, maintenance: "back at noon" } : entry,
      );
      expect(picture.settle()).toEqual([]);
      expect(picture.status).toMatchObject({
        state: "degraded",
        reason: `${id} is in maintenance mode (back at noon): end it with consul maint -disable -service`,
      });
    },
  );
});
